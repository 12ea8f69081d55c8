package io.solebox.hardware.sensors;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * One thermometer of 1-wire, as DS18B20 (kernel documentation, w1/slaves/w1_therm). A conversion
 * takes up to 750 ms, so it shows a trend; it must not be what switches a GPU off.
 */
final class OneWireProbe implements Source {
  private static final String FOLDER = "sys/bus/w1/devices";

  /** DS18S20, DS1822, DS18B20, DS1825, DS28EA00. */
  private static final Pattern THERMOMETER = Pattern.compile("(10|22|28|3b|42)-[0-9a-f]+");

  /** What stands in the register before the first conversion. */
  private static final long POWER_ON = 85_000;

  /** What a conversion gives that had no power: 127.94 °C, by chip and kernel rounded otherwise. */
  private static final long UNPOWERED = 127_900;

  private static final double MILLI = 1e-3;

  private final Box box;
  private final String probe;

  private OneWireProbe(Box box, String probe) {
    this.box = box;
    this.probe = probe;
  }

  static List<Source> all(Box box) {
    return box.names(FOLDER).stream()
        .filter(THERMOMETER.asMatchPredicate())
        .<Source>map(probe -> new OneWireProbe(box, probe))
        .toList();
  }

  @Override
  public String name() {
    return "w1/" + probe;
  }

  @Override
  public Duration deadline() {
    return Duration.ofSeconds(5);
  }

  @Override
  public Duration tooOld() {
    return Duration.ofSeconds(30);
  }

  @Override
  public Answer read() {
    String folder = FOLDER + "/" + probe;
    Measured measured =
        switch (box.read(folder + "/w1_slave")) {
          case Reading.Content content -> checked(content.lines());
          case Reading.Unreadable(String why) -> Measured.missing(why);
          case Reading.Absent _ ->
              Sysfs.word(box, folder + "/temperature")
                  .map(OneWireProbe::believed)
                  .orElse(Measured.missing("it answers no more"));
        };
    return new Answer.Readings(
        List.of(new DeviceReading(Kind.ONE_WIRE, probe, probe, Map.of(Metric.CELSIUS, measured))));
  }

  /** Two lines with the same nine bytes: the first ends with YES or NO, the second with t=. */
  private static Measured checked(List<String> lines) {
    if (lines.size() < 2 || !lines.get(1).contains("t=")) {
      return Measured.missing("it says nothing");
    }
    return lines.getFirst().endsWith("YES")
        ? believed(lines.get(1).substring(lines.get(1).indexOf("t=") + 2).strip())
        : Measured.missing("its answer was garbled: the check sum is wrong");
  }

  private static Measured believed(String text) {
    OptionalLong milli = Sysfs.parsed(text);
    if (milli.isEmpty()) {
      return Measured.missing("it says no number: " + Sysfs.shortened(text));
    }
    if (milli.getAsLong() == POWER_ON) {
      return Measured.missing("it says 85.000 °C, as one that has just got power");
    }
    return milli.getAsLong() >= UNPOWERED
        ? Measured.missing("it says 127.94 °C, as one that lacks power")
        : Measured.now(milli.getAsLong() * MILLI);
  }
}
