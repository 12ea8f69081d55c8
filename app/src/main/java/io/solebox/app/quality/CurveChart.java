package io.solebox.app.quality;

import static io.solebox.app.console.Svg.escaped;
import static io.solebox.app.console.Svg.text;

import io.solebox.app.console.Svg;
import io.solebox.app.quality.Curve.Point;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** A {@link Curve} as SVG: the line in a band of one standard error to either side. */
final class CurveChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 320;
  private static final int LEFT = 72;
  private static final int RIGHT = 32;
  private static final int TOP = 56;
  private static final int BOTTOM = 44;
  private static final int TICKS = 4;

  /** More of them would lie on each other. */
  private static final int MOST_POINTS = 400;

  private static final String STYLE =
      "<style>text{fill:#57606a;font-variant-numeric:tabular-nums}.title{font-weight:600}"
          + ".axis{stroke:#d0d5da}.line{fill:none;stroke:#b3660a;stroke-width:2}"
          + ".band{fill:#b3660a;fill-opacity:.18}"
          + "@media(prefers-color-scheme:dark){text{fill:#b8c0c8}.axis{stroke:#3b4148}"
          + ".line{stroke:#f0a63c}.band{fill:#f0a63c}}</style>\n";

  private final String title;
  private final String unit;
  private final List<Point> points;
  private final double low;
  private final double high;
  private final double most;

  private CurveChart(String title, String unit, Curve curve) {
    this.title = title;
    this.unit = unit;
    this.points = curve.points(MOST_POINTS);
    // The first points are of few tokens: the axis is for what the curve settles to.
    List<Point> settled = points.subList(points.size() / 10, points.size());
    double bottom = settled.stream().mapToDouble(p -> p.value() - p.error()).min().orElse(0);
    double top = settled.stream().mapToDouble(p -> p.value() + p.error()).max().orElse(1);
    double margin = top > bottom ? 0.05 * (top - bottom) : Math.max(0.05 * Math.abs(top), 1e-9);
    this.low = bottom - margin;
    this.high = top + margin;
    this.most = points.isEmpty() ? 1 : points.getLast().tokens();
  }

  /**
   * @param unit what the curve is, for its axis
   * @throws SoleboxException {@code IO_ERROR}
   */
  static void write(Path file, String title, String unit, Curve curve) {
    Svg.write(file, svg(title, unit, curve));
  }

  static String svg(String title, String unit, Curve curve) {
    return new CurveChart(title, unit, curve).draw();
  }

  private String draw() {
    var out = new StringBuilder(Svg.head(WIDTH, HEIGHT)).append(STYLE);
    out.append(
        text(
            "<title>%s</title><text class='title' x='0' y='16'>%s</text><text x='0' y='36'>%s</text>%n",
            escaped(title), escaped(title), escaped(unit)));
    for (int i = 0; i <= TICKS; i++) {
      double value = low + (high - low) * i / TICKS;
      out.append(
          text(
              "<text x='%d' y='%.1f' text-anchor='end'>%s</text>%n",
              LEFT - 8, y(value) + 4, tick(value)));
      double tokens = most * i / TICKS;
      out.append(
          text(
              "<text x='%.1f' y='%d' text-anchor='middle'>%.0f</text>%n",
              x(tokens), HEIGHT - BOTTOM + 18, tokens));
    }
    out.append(
        text(
            "<path class='axis' d='M%d %d V%d H%d' fill='none'/>%n",
            LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT));
    out.append(text("<text x='%d' y='%d'>tokens scored</text>%n", LEFT, HEIGHT - 6));
    out.append(text("<path class='band' d='M%s L%s Z'/>%n", upper(), lower()));
    out.append(text("<path class='line' d='M%s'/>%n", path(points, Point::value)));
    return out.append("</svg>\n").toString();
  }

  /** With as many places as tell the ticks apart. */
  private String tick(double value) {
    double step = (high - low) / TICKS;
    if (step < 1e-4) {
      return text("%.2e", value);
    }
    int places = (int) Math.clamp(Math.ceil(1 - Math.log10(step)), 0, 5);
    return text("%." + places + "f", value);
  }

  private String upper() {
    return path(points, p -> p.value() + p.error());
  }

  private String lower() {
    return path(points.reversed(), p -> p.value() - p.error());
  }

  private String path(List<Point> along, ToDoubleFunction<Point> value) {
    return String.join(
        " L",
        along.stream()
            .map(p -> text("%.1f %.1f", x((double) p.tokens()), y(value.applyAsDouble(p))))
            .toList());
  }

  private double x(double tokens) {
    return LEFT + (WIDTH - LEFT - RIGHT) * tokens / most;
  }

  /** What lies beyond the axis is drawn at its end. */
  private double y(double value) {
    double share = Math.clamp((value - low) / (high - low), 0, 1);
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM);
  }
}
