package io.solebox.engine.tensor;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the codes of a quantized format stand for, before they are scaled.
 *
 * @param bits of a code
 * @param values of the codes from 0 on, all that these bits can hold
 */
public record Codebook(int bits, List<Integer> values) {
  public Codebook {
    values = List.copyOf(values);
    if (values.size() != 1 << bits) {
      throw new IllegalArgumentException(values.size() + " values for " + bits + " bits");
    }
  }

  /** Evenly spaced: {@code code - zero}. */
  static Codebook linear(int bits, int zero) {
    return new Codebook(bits, IntStream.range(0, 1 << bits).mapToObj(c -> c - zero).toList());
  }

  /** Of so many values as codes have, a power of two. */
  static Codebook table(int... values) {
    int bits = Integer.numberOfTrailingZeros(values.length);
    return new Codebook(bits, Arrays.stream(values).boxed().toList());
  }

  public int value(int code) {
    return values.get(code);
  }

  /** Whether values are one apart. */
  public boolean isLinear() {
    return IntStream.range(0, values.size()).allMatch(c -> value(c) == value(0) + c);
  }

  /** The largest number that divides all values. */
  int unit() {
    return values.stream()
        .map(BigInteger::valueOf)
        .reduce(BigInteger.ZERO, BigInteger::gcd)
        .intValueExact();
  }

  public int smallest() {
    return Collections.min(values);
  }

  public int largest() {
    return Collections.max(values);
  }
}
