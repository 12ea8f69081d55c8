package io.solebox.bench.gpu;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** Numbers as the report writes them, and pieces of Markdown. */
final class Text {
  private static final int BAR = 24;

  private Text() {}

  static String of(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** What follows a number, as in {@code " (45 %)"}; nothing where there is no share. */
  static String percent(JsonNode node, String field) {
    OptionalDouble share = number(node, "/" + field);
    return share.isEmpty() ? "" : of(" (%.0f %%)", 100 * share.getAsDouble());
  }

  /** Empty where there is none, or null. */
  static OptionalDouble number(JsonNode node, String pointer) {
    JsonNode value = node.at(pointer);
    return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
  }

  static String tableRow(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  /** First column to the left, numbers to the right. */
  static String tableRule(int columns) {
    return "|---|" + "---:|".repeat(columns - 1);
  }

  /** As long as {@code share} of one. */
  static String bar(double share) {
    int length = (int) Math.round(BAR * Math.clamp(share, 0, 1));
    return "█".repeat(length) + " ".repeat(BAR - length);
  }
}
