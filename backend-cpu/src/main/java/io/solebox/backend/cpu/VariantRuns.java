package io.solebox.backend.cpu;

import java.util.function.IntUnaryOperator;

/**
 * Neighbouring rows of a step that one variant of the model computes. Filled before the step, and
 * reused by a plan.
 */
final class VariantRuns {
  private final int[] from; // by run, and the end of all
  private final int[] variants; // by run
  private int count;

  /**
   * @param most rows of the largest step
   */
  VariantRuns(int most) {
    this.from = new int[most + 1];
    this.variants = new int[most];
  }

  /**
   * @param variantOf the variant that computes a row
   */
  void begin(int rows, IntUnaryOperator variantOf) {
    count = 0;
    for (int row = 0; row < rows; row++) {
      int variant = variantOf.applyAsInt(row);
      if (count == 0 || variants[count - 1] != variant) {
        from[count] = row;
        variants[count++] = variant;
      }
    }
    from[count] = rows;
  }

  int count() {
    return count;
  }

  int variant(int run) {
    return variants[run];
  }

  /** The first row of a run. */
  int from(int run) {
    return from[run];
  }

  int rows(int run) {
    return from[run + 1] - from[run];
  }
}
