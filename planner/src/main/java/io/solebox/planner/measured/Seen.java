package io.solebox.planner.measured;

import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.List;

/**
 * What somebody saw of a speed, from the slowest to the fastest run, and what one unit of it costs.
 *
 * @param each bytes or operations of a token
 * @param slowest tokens a second
 * @param fastest the same
 */
public record Seen(double each, double slowest, double fastest) {
  /** By which two measures of the same differ on a machine that does little else. */
  private static final double LEAST_SPREAD = 0.1;

  /** Bytes or operations a second, of all of these together. */
  public static Range pace(List<Seen> all, Unit unit) {
    double low = all.stream().mapToDouble(s -> s.each * s.slowest).min().orElseThrow();
    double high = all.stream().mapToDouble(s -> s.each * s.fastest).max().orElseThrow();
    return spread(low, high, unit);
  }

  /** From one to the other, and at least a tenth more or less than what lies between. */
  public static Range spread(double low, double high, Unit unit) {
    double middle = (low + high) / 2;
    double off = Math.max((high - low) / 2, LEAST_SPREAD * middle);
    return new Range(middle - off, middle + off, unit, "measured");
  }
}
