package io.solebox.engine.api;

import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Devices of this machine, opened once, and what loads models on them. Safe for many threads. */
public interface Engine extends AutoCloseable {
  /**
   * What every backend on the module path found, best first.
   *
   * @param chosen whether {@code --device auto} takes it
   */
  record Found(String name, BackendProvider.Probe probe, boolean chosen) {}

  /** Threads beyond the cores only wait for each other; beyond this no machine has cores. */
  int MAX_THREADS = 1024;

  static List<Found> devices() {
    return Devices.probeAll();
  }

  /**
   * @param device as {@link DeviceWish} has it
   * @param threads CPU threads, 1 to {@link #MAX_THREADS}
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} with reason and remedy, never a quiet
   *     fallback; {@code INVALID_PARAMETER} for the number of threads; {@code OUT_OF_MEMORY}
   */
  static Engine open(String device, int threads) {
    return open(DeviceWish.of(device, threads));
  }

  /**
   * The same of all that there is to say of devices.
   *
   * @throws SoleboxException also {@code INVALID_PARAMETER} for a wish that this machine, or none,
   *     can fulfil
   */
  static Engine open(DeviceWish wish) {
    return Devices.open(wish);
  }

  /**
   * An engine of devices that were opened by somebody else.
   *
   * @param description for people
   * @param devices closed with the engine
   */
  static Engine of(String description, List<OpenDevice> devices, Placement.Policy policy) {
    return new LocalEngine(description, devices, policy);
  }

  /**
   * The same, none of which is in host memory.
   *
   * @param host memory of this machine, which takes what leaves the KV cache
   */
  static Engine of(
      String description, List<OpenDevice> devices, Placement.Policy policy, MemoryLedger host) {
    return new LocalEngine(description, devices, policy, host);
  }

  /** As {@link io.solebox.engine.backend.Backend#describe()}. */
  String device();

  /** As {@link io.solebox.engine.backend.Backend#notes()}. */
  List<String> notes();

  /** Who holds how much of each device, and of this machine's memory. */
  List<MemoryLedger> memory();

  /** What a load can count on now, in bytes by the names of devices. */
  default Map<String, Long> freeBytes() {
    return memory().stream()
        .collect(Collectors.toMap(MemoryLedger::device, MemoryLedger::freeBytes));
  }

  /**
   * Opens a model file and looks what it is.
   *
   * @throws SoleboxException as the reader, the tokenizer and the template say
   */
  LoadableModel examine(Path file, LoadOptions options);

  /**
   * The same for a source that is no file.
   *
   * @param source asked again for a copy where the options want one
   */
  LoadableModel examine(ModelSource.Opener source, LoadOptions options);

  /** What {@link #load} would take, as {@link LoadableModel#estimate}. */
  default LoadEstimate estimate(Path file, LoadOptions options) {
    try (LoadableModel model = examine(file, options)) {
      return model.estimate();
    }
  }

  /** {@link #examine}, then {@link LoadableModel#load}. */
  default LoadedModel load(Path file, LoadOptions options, Progress progress) {
    try (LoadableModel model = examine(file, options)) {
      return model.load(progress);
    }
  }

  /** As {@link io.solebox.engine.backend.Backend#yardsticks()}. */
  List<Yardstick> yardsticks();

  /** Closes the device. Close the models first. */
  @Override
  void close();
}
