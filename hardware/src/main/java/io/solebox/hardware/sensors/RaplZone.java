package io.solebox.hardware.sensors;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * Energy of a processor's package or a part of it (kernel documentation, power/powercap). The
 * counter begins anew at its range, and since 5.10 root alone may read it.
 */
final class RaplZone implements Source {
  private static final String FOLDER = "sys/class/powercap";

  /** Also of AMD. The same packages by {@code intel-rapl-mmio} would be counted twice. */
  private static final Pattern ZONE = Pattern.compile("intel-rapl:\\d+(:\\d+)?");

  private static final double MICRO = 1e-6;
  private static final double NANO = 1e-9;

  private final Box box;
  private final String zone;
  private final LongSupplier nanoTime;
  private OptionalDouble lastMicrojoules = OptionalDouble.empty();
  private long lastNanos;
  private double joules;

  RaplZone(Box box, String zone, LongSupplier nanoTime) {
    this.box = box;
    this.zone = zone;
    this.nanoTime = nanoTime;
  }

  static List<Source> all(Box box) {
    return box.names(FOLDER).stream()
        .filter(ZONE.asMatchPredicate())
        .<Source>map(zone -> new RaplZone(box, zone, System::nanoTime))
        .toList();
  }

  @Override
  public String name() {
    return "rapl/" + zone;
  }

  @Override
  public Answer read() {
    String folder = FOLDER + "/" + zone;
    Measured counter = Sysfs.number(box, folder + "/energy_uj", 1);
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    if (counter instanceof Measured.Value(double microjoules, long _)) {
      count(microjoules, Sysfs.number(box, folder + "/max_energy_range_uj", 1), values);
    } else {
      values.put(Metric.ENERGY_JOULES, counter);
      values.put(Metric.POWER_WATTS, counter);
    }
    String name = Sysfs.word(box, folder + "/name").orElse(zone);
    return new Answer.Readings(List.of(new DeviceReading(Kind.CPU_POWER, zone, name, values)));
  }

  private void count(double microjoules, Measured range, Map<Metric, Measured> values) {
    long nanos = nanoTime.getAsLong();
    if (lastMicrojoules.isPresent()) {
      double more = microjoules - lastMicrojoules.getAsDouble();
      if (more < 0) {
        // Without a range it may as well have been set back: nothing is made up.
        more = range.asDouble().isPresent() ? more + range.asDouble().getAsDouble() : 0;
      }
      joules += more * MICRO;
      double seconds = (nanos - lastNanos) * NANO;
      values.put(
          Metric.POWER_WATTS,
          seconds > 0
              ? Measured.now(more * MICRO / seconds)
              : Measured.missing("no time has passed"));
    } else {
      values.put(Metric.POWER_WATTS, Measured.missing("it takes two readings"));
    }
    values.put(Metric.ENERGY_JOULES, Measured.now(joules));
    lastMicrojoules = OptionalDouble.of(microjoules);
    lastNanos = nanos;
  }
}
