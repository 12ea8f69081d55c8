package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.box.Fields;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A Shelly of the second generation or later: JSON-RPC at {@code /rpc}
 * (shelly-api-docs.shelly.cloud/gen2, Switch and Authentication).
 */
public final class ShellyPlug implements Plug {
  private static final double JOULES_PER_WATT_HOUR = 3600;

  private final Wire wire;
  private final int channel;

  /**
   * Over HTTP.
   *
   * @param address host, with a port where it is not 80
   * @param channel from 0
   */
  public ShellyPlug(String address, int channel, Optional<String> password) {
    this(new Wire.ShellyHttp(new PlugHttp(URI.create("http://" + address)), password), channel);
  }

  ShellyPlug(Wire wire, int channel) {
    this.wire = wire;
    this.channel = channel;
  }

  @Override
  public String name() {
    return "Shelly " + wire.place();
  }

  @Override
  public Said<PlugReading> read() {
    return switch (call("Switch.GetStatus", "")) {
      case Said.Yes<Fields>(var fields) -> reading(fields);
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  private static Said<PlugReading> reading(Fields fields) {
    Optional<String> output = fields.text("result.output");
    if (output.isEmpty()) {
      return new Said.No<>("it does not say whether it is on");
    }
    OptionalDouble wattHours = fields.number("result.aenergy.total");
    return new Said.Yes<>(
        new PlugReading(
            output.get().equals("true"),
            fields.number("result.apower"),
            fields.number("result.voltage"),
            fields.number("result.current"),
            wattHours.isPresent()
                ? OptionalDouble.of(wattHours.getAsDouble() * JOULES_PER_WATT_HOUR)
                : OptionalDouble.empty()));
  }

  @Override
  public Said<PlugReading> switchTo(boolean on) {
    return switch (call("Switch.Set", ",\"on\":" + on)) {
      case Said.Yes<Fields> _ -> readBack(on);
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  private Said<PlugReading> readBack(boolean on) {
    Said<PlugReading> now = read();
    return now instanceof Said.Yes<PlugReading>(var reading) && reading.on() != on
        ? new Said.No<>("it was switched " + (on ? "on" : "off") + " and is not")
        : now;
  }

  /** It is on, and flips back. */
  @Override
  public Said<PlugReading> switchOffIn(Duration time) {
    String flip =
        String.format(Locale.ROOT, ",\"on\":true,\"toggle_after\":%.1f", time.toMillis() / 1e3);
    return switch (call("Switch.Set", flip)) {
      case Said.Yes<Fields> _ -> readBack(true);
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  @Override
  public Said<PlugReading> tripAt(int watts) {
    String config = ",\"config\":{\"power_limit\":%d}".formatted(watts);
    if (call("Switch.SetConfig", config) instanceof Said.No<Fields>(var why)) {
      return new Said.No<>(why);
    }
    return switch (call("Switch.GetConfig", "")) {
      case Said.Yes<Fields>(var now) ->
          now.number("result.power_limit").orElse(0) == watts
              ? read()
              : new Said.No<>("it was told to trip, and has not kept that");
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  /**
   * @param more parameters with a leading comma
   */
  private Said<Fields> call(String method, String more) {
    String frame =
        "{\"id\":1,\"method\":\"%s\",\"params\":{\"id\":%d%s}}".formatted(method, channel, more);
    Said<Fields> said = wire.say(frame);
    return said instanceof Said.Yes<Fields>(var fields) && fields.text("error.code").isPresent()
        ? new Said.No<>("it refuses: " + fields.text("error.message").orElse("no reason"))
        : said;
  }
}
