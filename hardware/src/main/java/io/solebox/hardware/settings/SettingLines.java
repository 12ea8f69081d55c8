package io.solebox.hardware.settings;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** Lines of settings, and which of them somebody has asked for. */
final class SettingLines {
  /** A line that says nothing sensible. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;

    BadLine(String message) {
      super(message);
    }
  }

  private final Map<String, String> lines;
  private final TreeSet<String> asked = new TreeSet<>();

  SettingLines(Map<String, String> lines) {
    this.lines = Map.copyOf(lines);
  }

  Optional<String> text(String name) {
    asked.add(name);
    return Optional.ofNullable(lines.get(name));
  }

  /** The names that begin so, without that beginning. */
  TreeSet<String> under(String beginning) {
    TreeSet<String> names = new TreeSet<>();
    lines.keySet().stream()
        .filter(name -> name.startsWith(beginning))
        .forEach(name -> names.add(name.substring(beginning.length())));
    return names;
  }

  /** Whether a name says yes; without it, no. */
  boolean yes(String name) throws BadLine {
    return yes(name, false);
  }

  boolean yes(String name, boolean usual) throws BadLine {
    String text = text(name).orElse(usual ? "yes" : "no");
    if (!text.equals("yes") && !text.equals("no")) {
      throw new BadLine("%s=%s is neither yes nor no".formatted(name, text));
    }
    return text.equals("yes");
  }

  OptionalDouble number(String name, double least, double most) throws BadLine {
    Optional<String> text = text(name);
    return text.isPresent()
        ? OptionalDouble.of(number(name, text.get(), least, most))
        : OptionalDouble.empty();
  }

  static double number(String name, String text, double least, double most) throws BadLine {
    try {
      double value = Double.parseDouble(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new BadLine("%s=%s is no number".formatted(name, text));
    }
    throw new BadLine("%s=%s is not between %s and %s".formatted(name, text, least, most));
  }

  void requireAllRead() throws BadLine {
    for (String name : new TreeSet<>(lines.keySet())) {
      if (!asked.contains(name)) {
        throw new BadLine(
            "%s is unknown; there are %s and card.NAME.watts, card.NAME.measured"
                .formatted(name, String.join(", ", asked)));
      }
    }
  }
}
