package io.solebox.app.quality;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An estimate as it settles: what it is after so many tokens, and how uncertain. */
final class Curve {
  /** Eighths of a line's height, for terminals. */
  static final String BARS = "▁▂▃▄▅▆▇█";

  private static final int DEFAULT_PLACES = 4;
  private static final int MOST_PLACES = 12;

  /**
   * @param tokens scored so far
   * @param error standard error of {@code value}
   */
  record Point(long tokens, double value, double error) {}

  private final List<Point> points = new ArrayList<>();

  void add(long tokens, double value, double error) {
    points.add(new Point(tokens, value, error));
  }

  List<Point> points() {
    return List.copyOf(points);
  }

  /** At most about so many of them, evenly, the last among them. */
  List<Point> points(int most) {
    int every = Math.max(1, points.size() / most);
    var some = new ArrayList<Point>();
    for (int i = (points.size() - 1) % every; i >= 0 && i < points.size(); i += every) {
      some.add(points.get(i));
    }
    return some;
  }

  /** The last points in so many cells, the lowest of them as a low bar. */
  String sparkline(int cells) {
    List<Point> last = points.subList(Math.max(0, points.size() - cells), points.size());
    double low = last.stream().mapToDouble(Point::value).min().orElse(0);
    double high = last.stream().mapToDouble(Point::value).max().orElse(0);
    var out = new StringBuilder();
    for (Point point : last) {
      double height = high > low ? (point.value() - low) / (high - low) : 0;
      out.append(BARS.charAt((int) Math.round(height * (BARS.length() - 1))));
    }
    return out.toString();
  }

  /** As in {@code 8.931 ± 0.042}; empty before the first point. */
  String latest() {
    return points.isEmpty() ? "" : plusMinus(points.getLast().value(), points.getLast().error());
  }

  /** To the places of the error's first two digits. */
  static String plusMinus(double value, double error) {
    int places = error > 0 ? places(error, 2) : DEFAULT_PLACES;
    return String.format(Locale.ROOT, "%." + places + "f ± %." + places + "f", value, error);
  }

  /** To four digits. */
  static String rounded(double value) {
    int places = value == 0 ? DEFAULT_PLACES : places(Math.abs(value), DEFAULT_PLACES);
    return String.format(Locale.ROOT, "%." + places + "f", value);
  }

  /** Places behind the point that so many digits of a number reach to. */
  private static int places(double value, int digits) {
    return (int) Math.clamp(digits - 1 - Math.floor(Math.log10(value)), 0, MOST_PLACES);
  }
}
