package io.solebox.planner.machine;

import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A power supply.
 *
 * @param watts its rating, of direct current
 * @param grade its class in the tables
 */
public record Supply(double watts, Part grade) {
  /** Points of efficiency that it may lose where nothing is certified: a guess, and named so. */
  private static final double BELOW = 15;

  private static final Map<Double, Quantity> LOADS =
      Map.of(
          0.1, Quantity.EFFICIENCY_10_PERCENT,
          0.2, Quantity.EFFICIENCY_20_PERCENT,
          0.5, Quantity.EFFICIENCY_50_PERCENT,
          1.0, Quantity.EFFICIENCY_100_PERCENT);

  /**
   * Per cent of what it takes from the wall that come out, at {@code output} watts: between two
   * loads at which it is certified at least the worse of both.
   */
  public Range efficiency(double output) {
    double load = output / watts;
    TreeMap<Double, Figure> points = new TreeMap<>();
    LOADS.forEach((at, field) -> grade.figure(field).ifPresent(known -> points.put(at, known)));
    Figure above =
        load > points.lastKey()
            ? points.lastEntry().getValue()
            : points.ceilingEntry(load).getValue();
    if (load < points.firstKey()) {
      Figure unknown =
          new Figure(
              List.of(above.low() - BELOW, above.high()),
              above.source() + "; below that nothing is certified");
      return range(unknown, unknown, load);
    }
    return range(points.floorEntry(load).getValue(), above, load);
  }

  private Range range(Figure below, Figure above, double load) {
    return new Range(
        Math.min(below.low(), above.low()),
        Math.max(below.high(), above.high()),
        Unit.PERCENT,
        "%s at %.0f %% of its %.0f W: %s"
            .formatted(grade.name(), 100 * load, watts, below.source()));
  }

  /** What it takes from the wall for so much direct current. */
  public Range wall(Range output) {
    Range least = efficiency(output.low());
    Range most = efficiency(output.high());
    return new Range(
        100 * output.low() / least.high(),
        100 * output.high() / most.low(),
        Unit.WATTS,
        "%s of direct current through %s, of which %s come out"
            .formatted(
                output.text(),
                grade.name(),
                new Range(
                        Math.min(least.low(), most.low()),
                        Math.max(least.high(), most.high()),
                        Unit.PERCENT,
                        "")
                    .text()));
  }

  /** What comes out of it when it takes so much from the wall, at most and at least. */
  public Range behind(double wallWatts) {
    Range share = efficiency(wallWatts * 0.9);
    return share.map(
        percent -> wallWatts * percent / 100,
        Unit.WATTS,
        "%.0f W at the wall through %s".formatted(wallWatts, grade.name()));
  }
}
