package io.solebox.server.params;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A whole number of any size, as JSON can write it: {@code 7}, {@code 7.0}, {@code 1e30}.
 *
 * @param value the number, or the nearest that a long can hold
 * @param bits the lowest 64 bits, for numbers that are only marks
 */
public record Whole(long value, long bits) {
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  static Whole of(Object value, String param) {
    return switch (value) {
      case Long number -> new Whole(number, number);
      case BigInteger number -> of(number);
      case Double number when number == Math.rint(number) ->
          of(new BigDecimal(number).toBigInteger());
      // Beyond a double; as an integer it could have a billion digits.
      case BigDecimal number when number.scale() <= 0 ->
          new Whole(
              number.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE,
              number.unscaledValue().longValue() ^ number.scale());
      case null -> throw Params.invalidType(param, "an integer", null);
      case Object other -> throw Params.invalidType(param, "an integer", other);
    };
  }

  private static Whole of(BigInteger number) {
    return new Whole(number.max(MIN).min(MAX).longValue(), number.longValue());
  }

  /**
   * @throws io.solebox.server.http.Problem 400 that names {@code param}
   */
  public int inRange(String param, int min, int max) {
    if (value < min || value > max) {
      String range = max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
      throw Params.invalidValue(
          param, "'%s' is %d, but must be %s.".formatted(param, value, range));
    }
    return (int) value;
  }

  /** As {@link #inRange}, but what is above is the largest there is: it counts something. */
  public int atLeast(String param, int min) {
    return new Whole(Math.min(value, Integer.MAX_VALUE), bits)
        .inRange(param, min, Integer.MAX_VALUE);
  }

  /** An element of an array. */
  public static int inRange(Object value, String param, int min, int max) {
    return of(value, param).inRange(param, min, max);
  }
}
