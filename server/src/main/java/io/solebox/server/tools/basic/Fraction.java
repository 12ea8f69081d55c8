package io.solebox.server.tools.basic;

import io.solebox.server.tools.ToolException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * A number as it is: no digit of it is lost by adding, multiplying or dividing.
 *
 * @param top over {@code bottom}, which is above zero; they have no common divisor
 * @param exact whether nothing was rounded on the way to it
 */
record Fraction(BigInteger top, BigInteger bottom, boolean exact) implements Comparable<Fraction> {
  static final MathContext ROUNDED = MathContext.DECIMAL128;

  /** What is longer takes too long, or says nothing. */
  private static final int MAX_BITS = 40_000;

  private static final BigInteger TEN = BigInteger.TEN;
  private static final BigInteger FIVE = BigInteger.valueOf(5);

  static Fraction of(BigInteger top, BigInteger bottom, boolean exact) {
    if (bottom.signum() == 0) {
      throw new ToolException("This divides by zero.");
    }
    BigInteger common = top.gcd(bottom);
    BigInteger by = bottom.signum() < 0 ? common.negate() : common;
    Fraction made = new Fraction(top.divide(by), bottom.divide(by), exact);
    if (made.top.bitLength() > MAX_BITS || made.bottom.bitLength() > MAX_BITS) {
      throw new ToolException("The numbers become too long: more than about 12000 digits.");
    }
    return made;
  }

  static Fraction of(BigDecimal value, boolean exact) {
    if (Math.abs((long) value.scale()) > MAX_BITS) {
      throw new ToolException("The numbers become too long: more than about 12000 digits.");
    }
    return value.scale() > 0
        ? of(value.unscaledValue(), TEN.pow(value.scale()), exact)
        : of(value.unscaledValue().multiply(TEN.pow(-value.scale())), BigInteger.ONE, exact);
  }

  static Fraction of(long value) {
    return new Fraction(BigInteger.valueOf(value), BigInteger.ONE, true);
  }

  Fraction plus(Fraction other) {
    return of(
        top.multiply(other.bottom).add(other.top.multiply(bottom)),
        bottom.multiply(other.bottom),
        exact && other.exact);
  }

  Fraction minus(Fraction other) {
    return plus(other.negated());
  }

  Fraction times(Fraction other) {
    return of(top.multiply(other.top), bottom.multiply(other.bottom), exact && other.exact);
  }

  Fraction over(Fraction other) {
    return of(top.multiply(other.bottom), bottom.multiply(other.top), exact && other.exact);
  }

  Fraction negated() {
    return new Fraction(top.negate(), bottom, exact);
  }

  /** The largest whole number that is not above it. */
  BigInteger floor() {
    BigInteger[] parts = top.divideAndRemainder(bottom);
    return parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  boolean isWhole() {
    return bottom.equals(BigInteger.ONE);
  }

  int signum() {
    return top.signum();
  }

  /** To 34 digits. */
  BigDecimal rounded() {
    return new BigDecimal(top).divide(new BigDecimal(bottom), ROUNDED);
  }

  double approximate() {
    return rounded().doubleValue();
  }

  @Override
  public int compareTo(Fraction other) {
    return top.multiply(other.bottom).compareTo(other.top.multiply(bottom));
  }

  /** A decimal, all of it where it ends and nothing was rounded. */
  String words() {
    BigInteger rest = bottom;
    while (rest.remainder(BigInteger.TWO).signum() == 0) {
      rest = rest.shiftRight(1);
    }
    while (rest.remainder(FIVE).signum() == 0) {
      rest = rest.divide(FIVE);
    }
    if (rest.equals(BigInteger.ONE) && exact) {
      return plain(new BigDecimal(top).divide(new BigDecimal(bottom)));
    }
    String about = "about " + plain(rounded());
    return exact ? about + " (exactly " + top + "/" + bottom + ")" : about;
  }

  private static String plain(BigDecimal value) {
    BigDecimal bare = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    return Math.abs((long) bare.scale()) > 1000 ? bare.toString() : bare.toPlainString();
  }
}
