package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Weight;

/**
 * Attention with linear biases (Press et al., arXiv:2108.12409): a score loses so much per position
 * of distance, in each head another share of it.
 */
final class Alibi {
  /** Of files that do not say: 2^-8 is the slope of the last head. */
  static final float USUAL_BIAS = 8;

  private Alibi() {}

  /**
   * The slopes of {@code heads} heads, f32 [H]: a geometric sequence that ends at {@code 2^-bias}.
   * Where their number is no power of two, those of the next lower one come first, and then every
   * other one of twice as many.
   *
   * @param bias as in {@code attention.max_alibi_bias}
   */
  static Weight slopes(int heads, float bias) {
    int power = Integer.highestOneBit(heads);
    float[] slopes = new float[heads];
    for (int h = 0; h < heads; h++) {
      double exponent = h < power ? h + 1 : (2 * (h - power) + 1) / 2.0;
      slopes[h] = (float) Math.pow(2, -bias * exponent / power);
    }
    return Weight.of("alibi_slopes", slopes);
  }
}
