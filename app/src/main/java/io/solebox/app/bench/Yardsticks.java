package io.solebox.app.bench;

import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.backend.Yardstick.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What a device gives to loops that do one thing alone.
 *
 * @param measured those that the device has
 */
record Yardsticks(Map<Kind, Double> measured) {

  /** Measures those of {@code kinds}: of several links, the slowest. */
  static Yardsticks measure(List<Yardstick> yardsticks, Set<Kind> kinds) {
    Map<Kind, Double> measured = new EnumMap<>(Kind.class);
    for (Yardstick yardstick : yardsticks) {
      if (kinds.contains(yardstick.kind())) {
        yardstick
            .measure()
            .get()
            .ifPresent(value -> measured.merge(yardstick.kind(), value, Math::min));
      }
    }
    return new Yardsticks(measured);
  }

  /** Empty on a device without it. */
  OptionalDouble of(Kind kind) {
    return measured.containsKey(kind)
        ? OptionalDouble.of(measured.get(kind))
        : OptionalDouble.empty();
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    for (Kind kind : Kind.values()) {
      fields.put(kind.wireName(), orNull(of(kind)));
    }
    return fields;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    measured.forEach((kind, value) -> lines.add(line(kind, value)));
    return lines;
  }

  private static String line(Kind kind, double value) {
    return switch (kind.unit()) {
      case BYTES_PER_SECOND -> line(kind.label(), "%.1f GB/s", value / 1e9);
      case OPERATIONS_PER_SECOND -> line(kind.label(), "%.1f TFLOP/s", value / 1e12);
      case MICROSECONDS -> line(kind.label(), "%.2f us", value);
      case BYTES -> line(kind.label(), "%.0f bytes", value);
    };
  }

  /** A name and a value, as all lines of the report have them. */
  static String line(String name, String format, Object... values) {
    return "  "
        + String.format(Locale.ROOT, "%-24s", name)
        + String.format(Locale.ROOT, format, values);
  }

  /** JSON's null stands for a measure that there is not. */
  static Object orNull(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
