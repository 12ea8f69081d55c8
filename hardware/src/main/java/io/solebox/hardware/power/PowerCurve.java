package io.solebox.hardware.power;

import io.solebox.hardware.power.PowerSettings.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a card draws at a clock, rather too much than too little. Power grows with the clock times
 * the square of a voltage that grows with it, so its curve is hollow, and a straight line between
 * two of its points lies above it. The points are those that were measured, and the worst case at
 * the highest clock. Where nothing was measured the line begins at clock 0 with {@link
 * #STANDING_SHARE} of the worst case.
 */
final class PowerCurve {
  /**
   * Of the worst case that the clocks of the multiprocessors do not touch: memory, leakage and what
   * converters lose. A V100 at rest draws 11 to 15 % of its 300 W (33 W, 45 W with a context:
   * sasha0552/nvidia-pstated#6), and its memory draws more when it works.
   */
  static final double STANDING_SHARE = 0.25;

  private final List<Point> points;

  private PowerCurve(List<Point> points) {
    this.points = points;
  }

  /**
   * @param worst watts at the highest clock
   * @param highest clock in MHz
   */
  static PowerCurve of(double worst, int highest, List<Point> measured) {
    List<Point> points = new ArrayList<>();
    if (measured.isEmpty()) {
      points.add(new Point(0, STANDING_SHARE * worst));
    }
    measured.stream().filter(point -> point.megahertz() < highest).forEach(points::add);
    double top =
        measured.stream()
            .filter(point -> point.megahertz() >= highest)
            .mapToDouble(Point::watts)
            .findFirst()
            .orElse(worst);
    points.add(new Point(highest, top));
    points.sort(Comparator.comparingInt(Point::megahertz));
    return new PowerCurve(points);
  }

  /** Below the lowest point as much as there. */
  double watts(int megahertz) {
    Point low = points.getFirst();
    if (megahertz <= low.megahertz()) {
      return low.watts();
    }
    for (Point high : points) {
      if (megahertz <= high.megahertz()) {
        double share =
            (double) (megahertz - low.megahertz())
                / Math.max(1, high.megahertz() - low.megahertz());
        return low.watts() + share * (high.watts() - low.watts());
      }
      low = high;
    }
    return low.watts();
  }
}
