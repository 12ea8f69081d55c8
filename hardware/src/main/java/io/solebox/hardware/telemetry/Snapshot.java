package io.solebox.hardware.telemetry;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was known of a machine at one moment. It is whole at any time: what did not answer is in it
 * with the reason.
 *
 * @param at when it was put together; ages are as of then
 * @param sources all that were asked
 * @param devices by source; one that vanished stays, and says so
 */
public record Snapshot(Instant at, List<SourceState> sources, List<DeviceReading> devices) {
  public Snapshot {
    sources = List.copyOf(sources);
    devices = List.copyOf(devices);
  }

  /** The devices of a kind. */
  public List<DeviceReading> of(DeviceReading.Kind kind) {
    return devices.stream().filter(device -> device.kind() == kind).toList();
  }

  public List<DeviceReading> gpus() {
    return of(DeviceReading.Kind.GPU);
  }

  /** A device by its kind and id. */
  public Optional<DeviceReading> device(DeviceReading.Kind kind, String id) {
    return of(kind).stream().filter(device -> device.id().equals(id)).findFirst();
  }
}
