package io.solebox.engine.api;

import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.memory.HostMemory;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Opened devices and what it takes to load models on them. */
final class LocalEngine implements Engine {
  private final String description;
  private final List<OpenDevice> devices;
  private final Placement.Policy policy;
  private final MemoryLedger host;

  /**
   * @param description for people
   * @param devices closed with this
   */
  LocalEngine(String description, List<OpenDevice> devices, Placement.Policy policy) {
    this(description, devices, policy, host(devices));
  }

  /**
   * The same.
   *
   * @param host of the memory of this machine
   */
  LocalEngine(
      String description, List<OpenDevice> devices, Placement.Policy policy, MemoryLedger host) {
    this.description = description;
    this.devices = List.copyOf(devices);
    this.policy = policy;
    this.host = host;
  }

  /** The CPU's models have the same memory. */
  private static MemoryLedger host(List<OpenDevice> devices) {
    return devices.stream()
        .filter(OpenDevice::isCpu)
        .findFirst()
        .map(OpenDevice::memory)
        .orElseGet(() -> new MemoryLedger("host", HostMemory.availableBytes()));
  }

  @Override
  public String device() {
    return description;
  }

  @Override
  public List<String> notes() {
    return devices.stream().flatMap(d -> d.backend().notes().stream()).toList();
  }

  @Override
  public List<MemoryLedger> memory() {
    return Stream.concat(devices.stream().map(OpenDevice::memory), Stream.of(host))
        .distinct()
        .toList();
  }

  @Override
  public Map<String, Long> freeBytes() {
    Map<String, Long> free = new HashMap<>(Map.of(host.device(), host.freeBytes()));
    devices.forEach(
        device -> free.put(device.name(), device.loss().isPresent() ? 0 : device.freeBytes()));
    return free;
  }

  @Override
  public LoadableModel examine(Path path, LoadOptions options) {
    return new LocalModel(path, options, policy, host);
  }

  @Override
  public LoadableModel examine(ModelSource.Opener source, LoadOptions options) {
    return new LocalModel(
        access -> ModelFile.of(source.open(access), access, options.adapters()),
        options,
        policy,
        host);
  }

  /**
   * Those of one device; of several, none is that of all, except for the link that weights are
   * loaded over.
   */
  @Override
  public List<Yardstick> yardsticks() {
    return devices.stream()
        .flatMap(d -> d.backend().yardsticks().stream())
        .filter(y -> devices.size() == 1 || y.kind() == Yardstick.Kind.LINK_BANDWIDTH)
        .toList();
  }

  @Override
  public void close() {
    devices.reversed().forEach(OpenDevice::close);
  }
}
