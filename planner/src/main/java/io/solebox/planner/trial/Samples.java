package io.solebox.planner.trial;

import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The same, measured again and again: others are at work on a machine, so some of them are off.
 *
 * @param sorted from the least
 */
record Samples(double[] sorted) {
  /** By which two measures of the same differ on a machine that does little else. */
  private static final double LEAST_SPREAD = 0.1;

  static Samples of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  double median() {
    return sorted[sorted.length / 2];
  }

  Samples map(DoubleUnaryOperator change) {
    return of(Arrays.stream(sorted).map(change).toArray());
  }

  /**
   * What half of them lie in, and at least a tenth more or less than the median: a plan that knew
   * better would know more than the machine does.
   */
  Range range(Unit unit) {
    double middle = median();
    double off =
        Math.max(
            LEAST_SPREAD * middle, (sorted[3 * sorted.length / 4] - sorted[sorted.length / 4]) / 2);
    return Range.about(middle, off / middle, unit, "measured");
  }
}
