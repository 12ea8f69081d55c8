package io.solebox.engine.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/** Python's {@code int()}, {@code float()} and {@code round()}. */
final class Numbers {
  private static final Pattern FLOAT =
      Pattern.compile(
          "[-+]?(?:inf|infinity|nan|(?:\\d[\\d_]*+(?:\\.[\\d_]*+)?|\\.\\d[\\d_]*+)(?:e[-+]?\\d++)?)",
          Pattern.CASE_INSENSITIVE);

  private Numbers() {}

  /** Cuts towards zero. */
  static Object truncate(double value) {
    if (!Double.isFinite(value)) {
      throw new TemplateFailure(
          "cannot convert float " + PyPrinter.floating(value) + " to integer");
    }
    return Arithmetic.shrink(new BigDecimal(value).toBigInteger());
  }

  /** The integer that a text or number stands for. */
  static Optional<Object> parseInteger(Object value, int radix) {
    return switch (value) {
      case Text text ->
          parseDigits(text.string(), radix).or(() -> parseFloat(text).flatMap(Numbers::finite));
      case Double number -> finite(number);
      case Boolean truth -> Optional.of(truth ? 1L : 0L);
      case Long number -> Optional.of(number);
      case BigInteger number -> Optional.of(number);
      case Undefined undefined -> throw undefined.failure();
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Object> finite(double number) {
    return Double.isFinite(number) ? Optional.of(truncate(number)) : Optional.empty();
  }

  private static Optional<Object> parseDigits(String text, int radix) {
    String digits = text.strip().replace("_", "");
    boolean negative = digits.startsWith("-");
    digits = negative || digits.startsWith("+") ? digits.substring(1) : digits;
    String prefix = radix == 16 ? "0x" : radix == 8 ? "0o" : radix == 2 ? "0b" : "";
    if (!prefix.isEmpty() && PyText.lower(digits).startsWith(prefix)) {
      digits = digits.substring(2);
    }
    boolean valid = !digits.isEmpty() && digits.length() <= Arithmetic.MAX_DIGITS;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = Character.digit(digits.charAt(i), radix) >= 0;
    }
    if (!valid) {
      return Optional.empty();
    }
    BigInteger value = new BigInteger(digits, radix);
    return Optional.of(Arithmetic.shrink(negative ? value.negate() : value));
  }

  static Optional<Double> parseFloat(Object value) {
    return switch (value) {
      case Text text -> parseFloatText(text.string());
      case Double number -> Optional.of(number);
      case Undefined undefined -> throw undefined.failure();
      case null -> Optional.empty();
      default ->
          Values.isInteger(value) ? Optional.of(Arithmetic.toDouble(value)) : Optional.empty();
    };
  }

  private static Optional<Double> parseFloatText(String text) {
    String trimmed = PyText.lower(text.strip());
    if (trimmed.length() > Arithmetic.MAX_DIGITS || !FLOAT.matcher(trimmed).matches()) {
      return Optional.empty();
    }
    double sign = trimmed.startsWith("-") ? -1 : 1;
    if (trimmed.contains("inf")) {
      return Optional.of(sign * Double.POSITIVE_INFINITY);
    }
    return Optional.of(
        trimmed.contains("nan") ? Double.NaN : Double.parseDouble(trimmed.replace("_", "")));
  }

  /** {@code round(value, digits)}: half to even on the exact value; integers stay integers. */
  static Object round(Object value, long digits, RoundingMode mode) {
    int scale = Math.clamp(digits, -400, 400);
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? new BigDecimal(number).setScale(scale, mode).doubleValue()
          : number;
    }
    BigInteger integer = Arithmetic.big(value);
    return scale >= 0
        ? Arithmetic.shrink(integer)
        : Arithmetic.shrink(new BigDecimal(integer).setScale(scale, mode).toBigInteger());
  }
}
