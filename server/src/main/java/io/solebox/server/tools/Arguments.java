package io.solebox.server.tools;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;

/**
 * What a model has given a tool, read one by one.
 *
 * @param given as JSON has it
 */
public record Arguments(Map<String, Object> given) {
  /**
   * @throws ToolException if it is missing, or no text
   */
  public String text(String name) {
    return optionalText(name)
        .orElseThrow(() -> new ToolException("The argument '%s' is missing.".formatted(name)));
  }

  /**
   * A text; empty where it is null, missing or blank.
   *
   * @throws ToolException if it is no text
   */
  public Optional<String> optionalText(String name) {
    return switch (given.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text.strip()).filter(its -> !its.isEmpty());
      case Object other -> throw wrong(name, "a string", other);
    };
  }

  /**
   * A whole number.
   *
   * @throws ToolException if it is none, or out of range
   */
  public int whole(String name, int absent, int least, int most) {
    return switch (given.get(name)) {
      case null -> absent;
      case Number number -> inRange(name, number, least, most);
      case Object other -> throw wrong(name, "a whole number", other);
    };
  }

  private static int inRange(String name, Number number, int least, int most) {
    try {
      int value = new BigDecimal(number.toString()).intValueExact();
      if (value >= least && value <= most) {
        return value;
      }
    } catch (ArithmeticException e) {
      // The same answer as for a number out of range.
    }
    throw new ToolException(
        "The argument '%s' must be a whole number from %d to %d.".formatted(name, least, most));
  }

  private static ToolException wrong(String name, String wanted, Object given) {
    String is = given instanceof Number ? "a number" : "something else";
    return new ToolException("The argument '%s' must be %s, not %s.".formatted(name, wanted, is));
  }
}
