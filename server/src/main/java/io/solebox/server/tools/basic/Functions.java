package io.solebox.server.tools.basic;

import io.solebox.server.tools.ToolException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/** The functions that an expression can name. Angles are in radians. */
final class Functions {
  private static final int MAX_POWER = 10_000;
  private static final int MAX_FACTORIAL = 1_000;
  private static final int MAX_PLACES = 1_000;

  private static final Map<String, Function<List<Fraction>, Fraction>> ALL =
      Map.ofEntries(
          one("sqrt", Functions::root),
          one("abs", x -> x.signum() < 0 ? x.negated() : x),
          one("floor", x -> whole(x.floor(), x)),
          one("ceil", x -> whole(x.negated().floor().negate(), x)),
          one("exp", x -> real(Math::exp, x)),
          one("ln", x -> real(Math::log, x)),
          one("log", x -> real(Math::log10, x)),
          one("log10", x -> real(Math::log10, x)),
          one("log2", x -> real(value -> Math.log(value) / Math.log(2), x)),
          one("sin", x -> real(Math::sin, x)),
          one("cos", x -> real(Math::cos, x)),
          one("tan", x -> real(Math::tan, x)),
          one("asin", x -> real(Math::asin, x)),
          one("acos", x -> real(Math::acos, x)),
          one("atan", x -> real(Math::atan, x)),
          Map.entry("round", Functions::round),
          Map.entry("min", all -> chosen(all, (a, b) -> a.compareTo(b) <= 0 ? a : b)),
          Map.entry("max", all -> chosen(all, (a, b) -> a.compareTo(b) >= 0 ? a : b)),
          Map.entry("sum", all -> chosen(all, Fraction::plus)),
          Map.entry(
              "mean",
              all -> chosen(all, Fraction::plus).over(Fraction.of(Math.max(1, all.size())))),
          Map.entry("gcd", all -> chosen(all, Functions::gcd)));

  private Functions() {}

  /**
   * @throws ToolException if there is none, or it takes other arguments
   */
  static Fraction call(String name, List<Fraction> arguments) {
    Function<List<Fraction>, Fraction> function = ALL.get(name);
    if (function == null) {
      throw new ToolException(
          "There is no function '%s'. There are %s."
              .formatted(name, String.join(", ", ALL.keySet().stream().sorted().toList())));
    }
    return function.apply(arguments);
  }

  private static Map.Entry<String, Function<List<Fraction>, Fraction>> one(
      String name, Function<Fraction, Fraction> function) {
    return Map.entry(
        name,
        all -> {
          if (all.size() != 1) {
            throw new ToolException("'%s' takes one number.".formatted(name));
          }
          return function.apply(all.getFirst());
        });
  }

  private static Fraction chosen(List<Fraction> all, BinaryOperator<Fraction> choice) {
    return all.stream()
        .reduce(choice)
        .orElseThrow(() -> new ToolException("This function takes one number or more."));
  }

  private static Fraction whole(BigInteger value, Fraction of) {
    return Fraction.of(value, BigInteger.ONE, of.exact());
  }

  private static Fraction gcd(Fraction a, Fraction b) {
    if (!a.isWhole() || !b.isWhole()) {
      throw new ToolException("'gcd' takes whole numbers.");
    }
    return whole(a.top().gcd(b.top()), a);
  }

  /** What is known to about 15 digits alone. */
  private static Fraction real(DoubleUnaryOperator function, Fraction x) {
    double value = function.applyAsDouble(x.approximate());
    if (!Double.isFinite(value)) {
      throw new ToolException("This has no value, or one that is too large.");
    }
    return Fraction.of(new BigDecimal(Double.toString(value)), false);
  }

  private static Fraction root(Fraction x) {
    if (x.signum() < 0) {
      throw new ToolException("There is no root of a number below zero here.");
    }
    BigInteger[] top = x.top().sqrtAndRemainder();
    BigInteger[] bottom = x.bottom().sqrtAndRemainder();
    return top[1].signum() == 0 && bottom[1].signum() == 0
        ? Fraction.of(top[0], bottom[0], x.exact())
        : Fraction.of(x.rounded().sqrt(Fraction.ROUNDED), false);
  }

  private static Fraction round(List<Fraction> all) {
    if (all.isEmpty() || all.size() > 2) {
      throw new ToolException("'round' takes a number, and how many places behind the point.");
    }
    int places =
        all.size() == 1 ? 0 : small(all.get(1), -MAX_PLACES, MAX_PLACES, "The number of places");
    Fraction x = all.getFirst();
    BigDecimal value =
        new BigDecimal(x.top()).divide(new BigDecimal(x.bottom()), places, RoundingMode.HALF_UP);
    return Fraction.of(value, x.exact());
  }

  private static int small(Fraction x, int least, int most, String what) {
    if (x.isWhole() && x.top().bitLength() < Integer.SIZE) {
      int its = x.top().intValueExact();
      if (its >= least && its <= most) {
        return its;
      }
    }
    throw new ToolException(
        "%s must be a whole number from %d to %d.".formatted(what, least, most));
  }

  /** One number to the power of another. */
  static Fraction power(Fraction base, Fraction exponent) {
    if (!exponent.isWhole()) {
      double value = Math.pow(base.approximate(), exponent.approximate());
      return real(_ -> value, base);
    }
    int times = small(exponent, -MAX_POWER, MAX_POWER, "A whole exponent");
    long bits =
        Math.max(base.top().bitLength(), base.bottom().bitLength()) * Math.abs((long) times);
    if (bits > 100_000) {
      throw new ToolException("The numbers become too long: more than about 12000 digits.");
    }
    Fraction raised =
        Fraction.of(
            base.top().pow(Math.abs(times)), base.bottom().pow(Math.abs(times)), base.exact());
    return times < 0 ? Fraction.of(1).over(raised) : raised;
  }

  static Fraction factorial(Fraction x) {
    int most = small(x, 0, MAX_FACTORIAL, "What a factorial is of");
    BigInteger product = BigInteger.ONE;
    for (int i = 2; i <= most; i++) {
      product = product.multiply(BigInteger.valueOf(i));
    }
    return whole(product, x);
  }
}
