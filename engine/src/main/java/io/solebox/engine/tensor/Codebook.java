package io.solebox.engine.tensor;

import java.util.Arrays;
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

  /** For codes of 4 bits. */
  static Codebook table(int... values) {
    return new Codebook(4, Arrays.stream(values).boxed().toList());
  }

  public int value(int code) {
    return values.get(code);
  }

  /** Whether values are one apart. */
  public boolean isLinear() {
    return IntStream.range(0, values.size()).allMatch(c -> value(c) == value(0) + c);
  }

  public int smallest() {
    return values.stream().mapToInt(v -> v).min().orElseThrow();
  }

  public int largest() {
    return values.stream().mapToInt(v -> v).max().orElseThrow();
  }
}
