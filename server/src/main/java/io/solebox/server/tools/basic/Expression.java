package io.solebox.server.tools.basic;

import io.solebox.server.tools.ToolException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and computes an expression, as people write them: {@code + - * / ^}, {@code !} for
 * factorials, {@code %} for percent or, between two numbers, the remainder, {@code pi}, {@code e},
 * and functions. Nothing in it is run as code. Used once.
 */
final class Expression {
  private static final int MAX_LENGTH = 2_000;
  private static final int MAX_DEPTH = 100;
  private static final int MAX_DIGITS = 1_000;
  private static final Pattern NUMBER =
      Pattern.compile("(\\d[\\d_]*\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z]\\w*");
  private static final Fraction PI =
      Fraction.of(new BigDecimal("3.141592653589793238462643383279503"), false);
  private static final Fraction E =
      Fraction.of(new BigDecimal("2.718281828459045235360287471352662"), false);

  private final String text;
  private int at;
  private int depth;

  private Expression(String text) {
    this.text = text;
  }

  /**
   * @throws ToolException if it is none, or has no value
   */
  static Fraction value(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new ToolException(
          "An expression can have %d characters at most.".formatted(MAX_LENGTH));
    }
    String plain = text.replace('×', '*').replace('·', '*').replace('÷', '/').replace('−', '-');
    Expression expression = new Expression(plain.replace("**", "^"));
    Fraction value = expression.sum();
    if (expression.peek() != 0) {
      throw expression.unexpected();
    }
    return value;
  }

  /** The next sign; 0 at the end. */
  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean take(char sign) {
    boolean there = peek() == sign;
    at += there ? 1 : 0;
    return there;
  }

  private ToolException unexpected() {
    return at < text.length()
        ? new ToolException(
            "'%s' is not expected at position %d."
                .formatted(Character.toString(text.codePointAt(at)), at + 1))
        : new ToolException("The expression ends too early.");
  }

  private Fraction sum() {
    if (++depth > MAX_DEPTH) {
      throw new ToolException(
          "There are more than %d brackets in each other.".formatted(MAX_DEPTH));
    }
    Fraction value = product();
    while (true) {
      if (take('+')) {
        value = value.plus(product());
      } else if (take('-')) {
        value = value.minus(product());
      } else {
        depth--;
        return value;
      }
    }
  }

  private Fraction product() {
    Fraction value = signed();
    while (true) {
      if (take('*')) {
        value = value.times(signed());
      } else if (take('/')) {
        value = value.over(signed());
      } else if (take('%')) { // behind a number it is percent, between two the remainder
        Fraction other = signed();
        Fraction times = Fraction.of(value.over(other).floor(), BigInteger.ONE, true);
        value = value.minus(times.times(other));
      } else {
        return value;
      }
    }
  }

  private Fraction signed() {
    boolean negative = false;
    while (peek() == '-' || peek() == '+') {
      negative ^= take('-');
      take('+');
    }
    Fraction value = power();
    return negative ? value.negated() : value;
  }

  private Fraction power() {
    Fraction base = suffixed();
    if (!take('^')) {
      return base;
    }
    if (++depth > MAX_DEPTH) {
      throw new ToolException("There are more than %d powers in each other.".formatted(MAX_DEPTH));
    }
    Fraction exponent = signed();
    depth--;
    return Functions.power(base, exponent);
  }

  private Fraction suffixed() {
    Fraction value = atom();
    while (true) {
      if (take('!')) {
        value = Functions.factorial(value);
      } else if (peek() == '%' && endsAfterPercent()) {
        at++;
        value = value.over(Fraction.of(100));
      } else {
        return value;
      }
    }
  }

  /** Whether what follows the sign is no number, so that it can only mean percent. */
  private boolean endsAfterPercent() {
    int next = at + 1;
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    return next == text.length() || "+-*/)^,!%".indexOf(text.charAt(next)) >= 0;
  }

  private Fraction atom() {
    if (take('(')) {
      Fraction value = sum();
      close();
      return value;
    }
    Matcher number = NUMBER.matcher(text).region(Math.min(at, text.length()), text.length());
    if (number.lookingAt()) {
      at = number.end();
      if (number.group().length() > MAX_DIGITS) {
        throw new ToolException("A number can have %d digits at most.".formatted(MAX_DIGITS));
      }
      return Fraction.of(new BigDecimal(number.group().replace("_", "")), true);
    }
    Matcher name = NAME.matcher(text).region(Math.min(at, text.length()), text.length());
    if (!name.lookingAt()) {
      throw unexpected();
    }
    at = name.end();
    return named(name.group());
  }

  private Fraction named(String name) {
    if (take('(')) {
      List<Fraction> arguments = new ArrayList<>();
      if (peek() != ')') {
        arguments.add(sum());
        while (take(',')) {
          arguments.add(sum());
        }
      }
      close();
      return Functions.call(name, arguments);
    }
    return switch (name) {
      case "pi" -> PI;
      case "e" -> E;
      default -> throw new ToolException("'%s' is no number and no function.".formatted(name));
    };
  }

  private void close() {
    if (!take(')')) {
      throw unexpected();
    }
  }
}
