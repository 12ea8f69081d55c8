package io.solebox.hardware.settings;

import io.solebox.hardware.plug.PlugSettings;
import io.solebox.hardware.plug.PlugSettings.Kind;
import io.solebox.hardware.settings.SettingLines.BadLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The lines {@code plug} and {@code plug.*}. */
final class PlugLines {
  private static final List<String> SHUT_DOWN = List.of("systemctl", "poweroff");

  /** A machine with disks and services has stopped by then. */
  private static final double GRACE_SECONDS = 120;

  /** The longest delay that Tasmota has. */
  private static final double MOST_GRACE_SECONDS = 360;

  private static final double MOST_WATTS = 4000;

  /** With a port where it is not the usual one. */
  private static final String HOST = "(?:[\\w.\\-]+|\\[[0-9a-fA-F:.]+\\])(?::\\d{1,5})?";

  private PlugLines() {}

  static Optional<PlugSettings> read(SettingLines lines) throws BadLine {
    Optional<String> plug = lines.text("plug");
    int channel = (int) lines.number("plug.channel", 0, 7).orElse(0);
    Optional<String> user = lines.text("plug.user");
    Optional<Path> password = lines.text("plug.password_file").map(Path::of);
    OptionalDouble trip = lines.number("plug.trip_watts", 1, MOST_WATTS);
    double grace = lines.number("plug.grace_seconds", 1, MOST_GRACE_SECONDS).orElse(GRACE_SECONDS);
    Optional<String> command = lines.text("plug.shutdown_command");
    if (plug.isEmpty()) {
      return Optional.empty();
    }
    String[] parts = plug.get().split(":", 2);
    Kind kind = kind(parts[0], plug.get());
    String place = kind.needsTopic() ? HOST + "/[^+#]+" : HOST;
    if (parts.length < 2 || !parts[1].matches(place)) {
      throw wrong(plug.get());
    }
    return Optional.of(
        new PlugSettings(
            kind,
            parts[1],
            channel,
            user,
            password,
            trip.isPresent() ? OptionalInt.of((int) trip.getAsDouble()) : OptionalInt.empty(),
            command.map(words -> List.of(words.split("\\s+"))).orElse(SHUT_DOWN),
            Duration.ofMillis((long) (1000 * grace))));
  }

  private static Kind kind(String word, String line) throws BadLine {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw wrong(line);
  }

  private static BadLine wrong(String line) {
    return new BadLine(
        "plug=%s is not written as in shelly:192.168.1.20, tasmota:plug.lan or shelly-mqtt:BROKER/TOPIC"
            .formatted(line));
  }
}
