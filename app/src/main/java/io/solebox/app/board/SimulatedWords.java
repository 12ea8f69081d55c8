package io.solebox.app.board;

import io.solebox.hardware.board.sim.Injection;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** What a person does to a simulated board, in words. */
final class SimulatedWords {
  /** For people, with what each does. */
  static final List<List<String>> HELP =
      List.of(
          List.of("12v MV | aux MV | core MV", "a rail has so many millivolts"),
          List.of("psu off | on", "the power supply goes away, and comes back"),
          List.of("vrm off | on", "the core regulator's power good goes away"),
          List.of("hot CELSIUS", "the heat sink has this temperature"),
          List.of("sensor CELSIUS | open | short", "the thermistor says so"),
          List.of("thermtrip on | off", "the module says that it is too hot"),
          List.of("fan stop | go [1 | 2]", "a fan, or both, stand still"),
          List.of("air CELSIUS | load WATTS", "how warm the air is, what the module burns"),
          List.of("NAME ok", "what was changed is as before: core ok, hot ok"),
          List.of("heal", "so is everything"),
          List.of("button | button long", "somebody presses it for 0.2 or 5 seconds"),
          List.of("hang", "the firmware hangs, until its watchdog bites"),
          List.of("quit", "this ends"));

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(5);
  private static final int TENTHS = 10;
  private static final int OPEN = -1000;
  private static final int SHORTED = 2000;
  private static final double MOST = 30_000;

  private final SimulatedBoard board;

  SimulatedWords(SimulatedBoard board) {
    this.board = board;
  }

  /** Whether it is one of these, so far as can be told without a board. */
  static boolean isKnown(String line) {
    String first = line.strip().toLowerCase(Locale.ROOT).split("\\s+")[0];
    return HELP.stream()
        .flatMap(row -> List.of(row.getFirst().split(" \\| ")).stream())
        .anyMatch(form -> form.split(" ")[0].equals(first));
  }

  /**
   * Does it.
   *
   * @return what is wrong with the words
   */
  Optional<String> hear(String line) {
    String[] words = line.strip().toLowerCase(Locale.ROOT).split("\\s+");
    String value = words.length > 1 ? words[1] : "";
    boolean done =
        switch (words[0]) {
          case "12v" -> number(Injection.V12_MV, value, 1);
          case "aux" -> number(Injection.AUX_MV, value, 1);
          case "core" -> number(Injection.CORE_MV, value, 1);
          case "hot" -> number(Injection.SINK_DC, value, TENTHS);
          case "air" -> number(Injection.AMBIENT_DC, value, TENTHS);
          case "load" -> number(Injection.LOAD_W, value, 1);
          case "sensor" -> sensor(value);
          case "psu" -> choice(Injection.PSU_LOST, value, "off", "on");
          case "vrm" -> choice(Injection.VRM_LOST, value, "off", "on");
          case "thermtrip" -> choice(Injection.THERMTRIP, value, "on", "off");
          case "fan" -> fan(value, words.length > 2 ? words[2] : "");
          case "button" -> press(value);
          case "hang" -> {
            board.hang();
            yield true;
          }
          case "heal" -> {
            List.of(Injection.values()).forEach(board::heal);
            yield true;
          }
          default -> false;
        };
    return done
        ? Optional.empty()
        : Optional.of("'%s' is not understood; 'help' says what is".formatted(line.strip()));
  }

  private boolean number(Injection what, String text, int scale) {
    if (text.equals("ok")) {
      board.heal(what);
      return true;
    }
    OptionalDouble value = value(text);
    value.ifPresent(known -> board.inject(what, (int) Math.round(known * scale)));
    return value.isPresent();
  }

  private static OptionalDouble value(String text) {
    try {
      double value = Double.parseDouble(text);
      return Math.abs(value) <= MOST ? OptionalDouble.of(value) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private boolean sensor(String text) {
    return switch (text) {
      case "open" -> inject(Injection.SENSOR_DC, OPEN);
      case "short" -> inject(Injection.SENSOR_DC, SHORTED);
      default -> number(Injection.SENSOR_DC, text, TENTHS);
    };
  }

  private boolean inject(Injection what, int value) {
    board.inject(what, value);
    return true;
  }

  private boolean choice(Injection what, String text, String wrong, String right) {
    if (text.equals(wrong)) {
      return inject(what, 1);
    }
    if (text.equals(right) || text.equals("ok")) {
      board.heal(what);
      return true;
    }
    return false;
  }

  private boolean fan(String text, String which) {
    if (!List.of("", "1", "2").contains(which)) {
      return false;
    }
    boolean first = which.equals("2") || choice(Injection.FAN_0_STILL, text, "stop", "go");
    boolean second = which.equals("1") || choice(Injection.FAN_1_STILL, text, "stop", "go");
    return first && second;
  }

  private boolean press(String text) {
    board.press(text.equals("long") ? LONG : SHORT);
    return text.isEmpty() || text.equals("long");
  }
}
