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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One thermal zone of the kernel, most often a part of the processor. */
final class ThermalZone implements Source {
  private static final String FOLDER = "sys/class/thermal";
  private static final Pattern ZONE = Pattern.compile("thermal_zone\\d+");
  private static final Pattern TRIP = Pattern.compile("(trip_point_\\d+)_type");
  private static final double MILLI = 1e-3;

  private final Box box;
  private final String zone;

  private ThermalZone(Box box, String zone) {
    this.box = box;
    this.zone = zone;
  }

  static List<Source> all(Box box) {
    return box.names(FOLDER).stream()
        .filter(ZONE.asMatchPredicate())
        .<Source>map(zone -> new ThermalZone(box, zone))
        .toList();
  }

  @Override
  public String name() {
    return "thermal/" + zone;
  }

  @Override
  public Answer read() {
    String folder = FOLDER + "/" + zone;
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    values.put(Metric.CELSIUS, Sysfs.number(box, folder + "/temp", MILLI));
    box.names(folder).stream()
        .map(TRIP::matcher)
        .filter(Matcher::matches)
        .map(trip -> folder + "/" + trip.group(1))
        .filter(trip -> Sysfs.word(box, trip + "_type").filter("critical"::equals).isPresent())
        .forEach(
            trip -> values.put(Metric.CRITICAL_CELSIUS, Sysfs.number(box, trip + "_temp", MILLI)));
    String type = Sysfs.word(box, folder + "/type").orElse(zone);
    return new Answer.Readings(List.of(new DeviceReading(Kind.THERMAL_ZONE, zone, type, values)));
  }
}
