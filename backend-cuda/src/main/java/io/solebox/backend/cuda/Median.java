package io.solebox.backend.cuda;

import java.util.Arrays;

/** What a measure gives whose runs others disturb now and then. */
final class Median {
  private Median() {}

  /** The upper one of two. */
  static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
