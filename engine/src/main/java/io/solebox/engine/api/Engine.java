package io.solebox.engine.api;

import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** One device of this machine, opened once, and the models loaded on it. */
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
   * @param device {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1}, {@code reference}
   * @param threads CPU threads, 1 to {@link #MAX_THREADS}
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} with reason and remedy, never a quiet
   *     fallback; {@code INVALID_PARAMETER} for the number of threads; {@code OUT_OF_MEMORY}
   */
  static Engine open(String device, int threads) {
    return Devices.open(device, threads);
  }

  /**
   * As {@link #open(String, int)}, but models are cut: only their last layers run on the device,
   * and the others on the CPU.
   *
   * @param layers on the device, with the head of the model
   */
  static Engine openSplit(String device, int threads, int layers) {
    return Devices.openSplit(device, threads, layers);
  }

  /** As {@link io.solebox.engine.backend.Backend#describe()}. */
  String device();

  /** As {@link io.solebox.engine.backend.Backend#notes()}. */
  List<String> notes();

  /**
   * Loads a model file and starts its loop.
   *
   * @throws SoleboxException as the reader, the tokenizer, the template and the backend say
   */
  LoadedModel load(Path file, LoadOptions options, Progress progress);

  /**
   * As {@link io.solebox.engine.backend.Backend#readBandwidthBytesPerSecond()}; no model may be
   * computing meanwhile.
   */
  OptionalDouble readBandwidthBytesPerSecond();

  /** As {@link io.solebox.engine.backend.Backend#linkBandwidthBytesPerSecond()}. */
  OptionalDouble linkBandwidthBytesPerSecond();

  /** As {@link io.solebox.engine.backend.Backend#matrixFlopsPerSecond()}. */
  OptionalDouble matrixFlopsPerSecond();

  /** Closes the device. Close the models first. */
  @Override
  void close();
}
