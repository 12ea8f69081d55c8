package io.solebox.server.params;

import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import java.math.BigInteger;
import java.util.Map;

/** What can be wrong with a parameter. */
public final class Params {
  private static final int MAX_NAME = 100;

  private Params() {}

  public static Problem invalidValue(String param, String message) {
    return Problem.of(400, "invalid_value", message).withParam(param);
  }

  /**
   * A value of the wrong JSON type.
   *
   * @param expected as in {@code a number}
   */
  public static Problem invalidType(String param, String expected, Object value) {
    String message =
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(param, expected, typeName(value));
    return Problem.of(400, "invalid_type", message).withParam(param);
  }

  private static String typeName(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Boolean _ -> "a boolean";
      case Long _, BigInteger _ -> "an integer";
      case Number _ -> "a decimal";
      case Map<?, ?> _ -> "an object";
      default -> "an array";
    };
  }

  public static Problem missing(String param) {
    return Problem.of(
            400,
            "missing_required_parameter",
            "Missing required parameter: '" + Texts.abbreviated(param, MAX_NAME) + "'.")
        .withParam(param);
  }

  /**
   * @param meant a sentence; can be empty
   */
  static Problem unknown(String param, String meant) {
    String message =
        "Unknown parameter: '%s'. %s".formatted(Texts.abbreviated(param, MAX_NAME), meant);
    return Problem.of(400, "unknown_parameter", message.strip()).withParam(param);
  }

  /** Known, but not something that this server does. */
  public static Problem unsupported(String param, String why) {
    String message =
        "Unsupported parameter: '%s'. %s".formatted(Texts.abbreviated(param, MAX_NAME), why);
    return Problem.of(400, "unsupported_parameter", message.strip()).withParam(param);
  }
}
