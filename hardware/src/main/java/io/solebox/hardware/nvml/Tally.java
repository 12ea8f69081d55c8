package io.solebox.hardware.nvml;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is counted of one GPU here because it does not count it: Xid errors, and before Volta its
 * energy. It outlives the process that speaks with NVML.
 */
final class Tally {
  private static final double NANOS = 1e-9;

  /** Power is taken as it was between two readings up to here; longer gaps are not made up. */
  private static final double LONGEST_GAP_SECONDS = 10;

  private long xids;
  private OptionalDouble lastXid = OptionalDouble.empty();
  private double joules;
  private OptionalDouble lastWatts = OptionalDouble.empty();
  private long lastNanos;

  /** A reading with what is counted. */
  DeviceReading counted(DeviceReading reading, List<Long> newXids, long nanos) {
    Map<Metric, Measured> values = new EnumMap<>(reading.values());
    xids += newXids.size();
    newXids.forEach(xid -> lastXid = OptionalDouble.of(xid));
    values.computeIfPresent(
        Metric.XID_COUNT,
        (_, measured) -> measured instanceof Measured.Value ? Measured.now(xids) : measured);
    lastXid.ifPresent(xid -> values.put(Metric.XID_LAST_NUMBER, Measured.now(xid)));
    integrate(reading.value(Metric.POWER_WATTS), nanos);
    boolean countsNone = reading.value(Metric.ENERGY_JOULES).isEmpty();
    if (countsNone && lastWatts.isPresent()) {
      values.remove(Metric.ENERGY_JOULES);
      values.put(Metric.ENERGY_INTEGRATED_JOULES, Measured.now(joules));
    }
    return reading.with(values);
  }

  /** Halfway between two values of power over the time between them. */
  private void integrate(OptionalDouble watts, long nanos) {
    double seconds = (nanos - lastNanos) * NANOS;
    if (watts.isPresent() && lastWatts.isPresent() && seconds < LONGEST_GAP_SECONDS) {
      joules += (watts.getAsDouble() + lastWatts.getAsDouble()) / 2 * seconds;
    }
    lastWatts = watts;
    lastNanos = nanos;
  }
}
