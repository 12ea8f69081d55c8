package io.solebox.hardware.sensors;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One chip of the kernel's hwmon: temperatures, fans, voltages, currents, power (kernel
 * documentation, hwmon/sysfs-interface). A drive of NVMe is one, too.
 */
final class HwmonChip implements Source {
  private static final String FOLDER = "sys/class/hwmon";
  private static final String DRIVE = "nvme";
  private static final Pattern CHANNEL =
      Pattern.compile("(temp|fan|in|curr|power)(\\d+)_(?:input|average)");
  private static final double MILLI = 1e-3;
  private static final double MICRO = 1e-6;

  /** A duty is written as 0 to 255. */
  private static final double DUTY = 100.0 / 255;

  private final Box box;
  private final String folder;
  private final String chip;
  private final Kind kind;

  private HwmonChip(Box box, String folder, String chip, Kind kind) {
    this.box = box;
    this.folder = folder;
    this.chip = chip;
    this.kind = kind;
  }

  /** All chips; the kernel numbers them anew at each start, so their names are those of devices. */
  static List<Source> all(Box box) {
    List<Source> all = new ArrayList<>();
    for (String each : box.names(FOLDER)) {
      String folder = FOLDER + "/" + each;
      String name = Sysfs.word(box, folder + "/name").orElse(each);
      String chip = box.linked(folder + "/device").map(device -> name + "-" + device).orElse(name);
      all.add(new HwmonChip(box, folder, chip, name.equals(DRIVE) ? Kind.NVME : Kind.HWMON));
    }
    return all;
  }

  @Override
  public String name() {
    return "hwmon/" + chip;
  }

  @Override
  public Answer read() {
    TreeSet<String> channels =
        box.names(folder).stream()
            .map(CHANNEL::matcher)
            .filter(Matcher::matches)
            .map(channel -> channel.group(1) + channel.group(2))
            .collect(Collectors.toCollection(TreeSet::new));
    return channels.isEmpty()
        ? new Answer.Silence("the chip has no sensors")
        : new Answer.Readings(channels.stream().map(this::channel).toList());
  }

  private DeviceReading channel(String channel) {
    String path = folder + "/" + channel;
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    switch (channel.replaceAll("\\d", "")) {
      case "temp" -> {
        values.put(Metric.CELSIUS, sound(path, number(path + "_input", MILLI)));
        putIfThere(values, Metric.CRITICAL_CELSIUS, path + "_crit", MILLI);
      }
      case "fan" -> {
        values.put(Metric.FAN_RPM, sound(path, number(path + "_input", 1)));
        putIfThere(values, Metric.FAN_PERCENT, path.replace("/fan", "/pwm"), DUTY);
      }
      case "in" -> values.put(Metric.VOLTS, number(path + "_input", MILLI));
      case "curr" -> values.put(Metric.AMPERES, number(path + "_input", MILLI));
      default -> values.put(Metric.POWER_WATTS, power(path));
    }
    return new DeviceReading(kind, chip + "/" + channel, label(channel), values);
  }

  private Measured number(String path, double scale) {
    return Sysfs.number(box, path, scale);
  }

  /** Some chips tell the average alone. */
  private Measured power(String path) {
    Measured now = number(path + "_input", MICRO);
    return now instanceof Measured.Value ? now : number(path + "_average", MICRO);
  }

  private Measured sound(String path, Measured measured) {
    return Sysfs.word(box, path + "_fault").filter("1"::equals).isPresent()
        ? Measured.missing("the chip says that the sensor is broken")
        : measured;
  }

  private void putIfThere(Map<Metric, Measured> values, Metric metric, String path, double scale) {
    Measured measured = number(path, scale);
    if (!measured.equals(Measured.missing(Sysfs.GONE))) {
      values.put(metric, measured);
    }
  }

  private String label(String channel) {
    String of = Sysfs.word(box, folder + "/" + channel + "_label").orElse(channel);
    String whose =
        kind == Kind.NVME ? Sysfs.word(box, folder + "/device/model").orElse(chip) : chip;
    return whose + " " + of;
  }
}
