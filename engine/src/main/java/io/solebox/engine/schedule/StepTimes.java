package io.solebox.engine.schedule;

import java.util.OptionalDouble;

/** What steps take by their tokens: a line through the smallest and the largest that were seen. */
final class StepTimes {
  /** Weight of a new step among those of about its size, at least. */
  private static final double NEW = 1.0 / 8;

  /** Steps after which a size that did not come up is unknown again: contexts grow. */
  private static final int LIFE = 1000;

  // Of sizes from a power of two to the next.
  private final int[] steps = new int[Integer.SIZE];
  private final long[] last = new long[Integer.SIZE];
  private final double[] tokens = new double[Integer.SIZE];
  private final double[] nanos = new double[Integer.SIZE];
  private long all;

  /** A step of {@code n} tokens took {@code time}. */
  void ran(int n, long time) {
    int size = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(n);
    if (!isKnown(size)) {
      steps[size] = Math.min(steps[size], 1);
    }
    if (steps[size] > 0) { // the first may have waited for a compiler
      double weight = Math.max(NEW, 1.0 / steps[size]);
      tokens[size] += weight * (n - tokens[size]);
      nanos[size] += weight * (time - nanos[size]);
    }
    steps[size]++;
    last[size] = ++all;
  }

  private boolean isKnown(int size) {
    return steps[size] > 1 && all - last[size] <= LIFE;
  }

  /**
   * Tokens that could be computed in the time that a step of none would take; empty as long as that
   * is not known, infinite where more tokens take no more time.
   */
  OptionalDouble free() {
    int small = 0;
    while (small < Integer.SIZE && !isKnown(small)) {
      small++;
    }
    int large = Integer.SIZE - 1;
    while (large > small && !isKnown(large)) {
      large--;
    }
    if (small >= large) {
      return OptionalDouble.empty();
    }
    double slope = (nanos[large] - nanos[small]) / (tokens[large] - tokens[small]);
    double rest = nanos[small] - slope * tokens[small];
    return OptionalDouble.of(slope > 0 ? Math.max(0, rest / slope) : Double.POSITIVE_INFINITY);
  }
}
