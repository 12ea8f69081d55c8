package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Rotation;
import java.util.Arrays;

/**
 * Rotary position embedding as a file describes it.
 *
 * @param dims leading elements of a head that are turned; even
 * @param theta base of the frequencies
 * @param factor positions are divided by this (linear scaling), 1 for none
 */
record Rope(int dims, float theta, float factor) {
  /** Of files that do not say (Su et al., arXiv:2104.09864). */
  static final float USUAL_THETA = 10000;

  /** Pairs of elements that are turned together. */
  int pairs() {
    return dims / 2;
  }

  /** The rotation with frequency {@code theta^(-2i/n) / factor} for pair i. */
  Rotation rotation(Rotation.Pairing pairing) {
    float[] ones = new float[pairs()];
    Arrays.fill(ones, 1);
    return rotation(pairing, ones);
  }

  /**
   * As {@link #rotation(Rotation.Pairing)}, with each frequency divided by another number.
   *
   * @param divisors per pair
   */
  Rotation rotation(Rotation.Pairing pairing, float[] divisors) {
    float[] inverse = new float[pairs()];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = (float) (Math.pow(theta, -2.0 * i / dims) / divisors[i] / factor);
    }
    return new Rotation(pairing, inverse, 1);
  }
}
