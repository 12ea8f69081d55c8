package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What a plug measures, as one source among others. */
public final class PlugSource implements Source {
  private final Plug plug;

  public PlugSource(Plug plug) {
    this.plug = plug;
  }

  @Override
  public String name() {
    return "plug/" + plug.name();
  }

  /** Plugs answer over a wireless network. */
  @Override
  public Duration deadline() {
    return Duration.ofSeconds(6);
  }

  @Override
  public Answer read() {
    return switch (plug.read()) {
      case Said.No<PlugReading>(var why) -> new Answer.Silence(why);
      case Said.Yes<PlugReading>(var reading) -> new Answer.Readings(List.of(device(reading)));
    };
  }

  private DeviceReading device(PlugReading reading) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    values.put(
        Metric.POWER_WATTS,
        reading.watts().isPresent()
            ? Measured.now(reading.watts().getAsDouble())
            : Measured.missing("the plug has no meter"));
    put(values, Metric.VOLTS, reading.volts());
    put(values, Metric.AMPERES, reading.amperes());
    put(values, Metric.ENERGY_JOULES, reading.joules());
    return new DeviceReading(DeviceReading.Kind.PLUG, plug.name(), plug.name(), values);
  }

  private static void put(Map<Metric, Measured> values, Metric metric, OptionalDouble value) {
    value.ifPresent(known -> values.put(metric, Measured.now(known)));
  }
}
