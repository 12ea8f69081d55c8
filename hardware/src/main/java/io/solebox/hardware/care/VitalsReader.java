package io.solebox.hardware.care;

import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.guard.Vitals;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What the guard follows, out of all that is measured: the GPUs. */
public final class VitalsReader {
  private static final Map<Sensor, Metric> METRICS =
      new EnumMap<>(
          Map.of(
              Sensor.CORE, Metric.CORE_CELSIUS,
              Sensor.MEMORY, Metric.MEMORY_CELSIUS,
              Sensor.POWER, Metric.POWER_WATTS,
              Sensor.FAN, Metric.FAN_RPM,
              Sensor.FAN_DUTY, Metric.FAN_PERCENT));

  private final GpuTable table = new GpuTable();

  /**
   * @param plan whose shares a card may draw that has no limit
   */
  public List<Vitals> of(Snapshot snapshot, PowerPlan plan) {
    return snapshot.gpus().stream().map(gpu -> vitals(gpu, plan)).toList();
  }

  private Vitals vitals(DeviceReading gpu, PowerPlan plan) {
    Map<Sensor, Vitals.Measured> measured = new EnumMap<>(Sensor.class);
    METRICS.forEach(
        (sensor, metric) -> {
          if (gpu.measured(metric) instanceof Measured.Value(double value, long age)) {
            measured.put(sensor, new Vitals.Measured(value, Duration.ofMillis(age)));
          }
        });
    return new Vitals(gpu.id(), gpu.name(), limits(gpu, plan), measured);
  }

  private Limits limits(DeviceReading gpu, PowerPlan plan) {
    Limits told =
        new Limits(
            gpu.value(Metric.CORE_MAX_CELSIUS),
            gpu.value(Metric.SLOWDOWN_CELSIUS),
            gpu.value(Metric.SHUTDOWN_CELSIUS),
            gpu.value(Metric.MEMORY_MAX_CELSIUS),
            gpu.value(Metric.POWER_LIMIT_WATTS));
    return told.or(known(gpu, plan));
  }

  private Limits known(DeviceReading gpu, PowerPlan plan) {
    OptionalDouble memory =
        table
            .named(gpu.name())
            .flatMap(GpuCard::memoryMaxCelsius)
            .map(max -> OptionalDouble.of(max))
            .orElse(OptionalDouble.empty());
    OptionalDouble watts =
        plan.cards().stream()
            .filter(share -> share.card().uuid().equals(gpu.id()))
            .mapToDouble(PowerPlan.Share::watts)
            .findFirst();
    Limits none = Limits.UNKNOWN;
    return new Limits(none.maxOperating(), none.slowdown(), none.shutdown(), memory, watts);
  }
}
