package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.box.Fields;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A plug with Tasmota: commands at {@code /cm}. What is measured comes as {@code StatusSNS.ENERGY}
 * of {@code Status 10}, and of old firmware as {@code StatusPWR} of {@code Status 8}
 * (tasmota.github.io/docs, Commands).
 */
public final class TasmotaPlug implements Plug {
  private static final double JOULES_PER_KILOWATT_HOUR = 3.6e6;

  /** A delay is in tenths of seconds, at most 3600 of them. */
  private static final long MOST_TENTHS = 3600;

  private static final List<String> PLACES =
      List.of("StatusSNS.ENERGY.", "StatusPWR.", "StatusSNS.");

  private final Wire wire;
  private final int channel;

  /**
   * Over HTTP.
   *
   * @param address host, with a port where it is not 80
   * @param channel from 0
   */
  public TasmotaPlug(String address, int channel, Optional<String> password) {
    this(new Wire.TasmotaHttp(new PlugHttp(URI.create("http://" + address)), password), channel);
  }

  TasmotaPlug(Wire wire, int channel) {
    this.wire = wire;
    this.channel = channel;
  }

  @Override
  public String name() {
    return "Tasmota " + wire.place();
  }

  @Override
  public Said<PlugReading> read() {
    return switch (command("Power" + (channel + 1))) {
      case Said.Yes<Fields>(var fields) -> reading(fields);
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  private Said<PlugReading> reading(Fields power) {
    // One relay alone is POWER, whatever it was asked by.
    Optional<String> state = power.text("POWER" + (channel + 1)).or(() -> power.text("POWER"));
    if (state.isEmpty()) {
      return new Said.No<>("it does not say whether it is on");
    }
    boolean on = state.get().equalsIgnoreCase("ON");
    Said<Fields> now = command("Status 10");
    Said<Fields> meter =
        now instanceof Said.Yes<Fields>(var fields) && number(fields, "Power").isPresent()
            ? now
            : command("Status 8");
    return switch (meter) {
      case Said.Yes<Fields>(var fields) -> new Said.Yes<>(reading(on, fields));
      case Said.No<Fields> _ -> new Said.Yes<>(unmetered(on));
    };
  }

  private static PlugReading unmetered(boolean on) {
    OptionalDouble none = OptionalDouble.empty();
    return new PlugReading(on, none, none, none, none);
  }

  private PlugReading reading(boolean on, Fields fields) {
    OptionalDouble kilowattHours = number(fields, "Total");
    return new PlugReading(
        on,
        number(fields, "Power"),
        number(fields, "Voltage"),
        number(fields, "Current"),
        kilowattHours.isPresent()
            ? OptionalDouble.of(kilowattHours.getAsDouble() * JOULES_PER_KILOWATT_HOUR)
            : OptionalDouble.empty());
  }

  /** Of several relays some meters say a list. */
  private OptionalDouble number(Fields fields, String name) {
    return PLACES.stream()
        .flatMap(
            place ->
                List.of(place + name, place + name + "." + channel).stream()
                    .map(fields::number)
                    .filter(OptionalDouble::isPresent))
        .findFirst()
        .orElse(OptionalDouble.empty());
  }

  @Override
  public Said<PlugReading> switchTo(boolean on) {
    return switch (command("Power" + (channel + 1) + (on ? " 1" : " 0"))) {
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

  @Override
  public Said<PlugReading> switchOffIn(Duration time) {
    long tenths = Math.clamp(time.toMillis() / 100, 1, MOST_TENTHS);
    String commands = "Backlog Delay %d; Power%d 0".formatted(tenths, channel + 1);
    return switch (command(commands)) {
      case Said.Yes<Fields> _ -> read();
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  @Override
  public Said<PlugReading> tripAt(int watts) {
    return switch (command("MaxPower " + watts)) {
      case Said.Yes<Fields>(var now) ->
          now.number("MaxPower").orElse(0) == watts
              ? read()
              : new Said.No<>("it was told to trip, and has not kept that");
      case Said.No<Fields>(var why) -> new Said.No<>(why);
    };
  }

  private Said<Fields> command(String command) {
    Said<Fields> said = wire.say(command);
    if (said instanceof Said.Yes<Fields>(var fields)) {
      Optional<String> warning =
          fields.text("WARNING").filter(words -> words.toLowerCase(Locale.ROOT).contains("user"));
      if (warning.isPresent()) {
        return new Said.No<>("it does not take the password");
      }
      if (fields.text("Command").isPresent()) {
        return new Said.No<>("it does not know the command " + command);
      }
    }
    return said;
  }
}
