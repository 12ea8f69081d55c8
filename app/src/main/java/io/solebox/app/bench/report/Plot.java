package io.solebox.app.bench.report;

import static io.solebox.app.console.Svg.text;

import io.solebox.app.console.Html;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs over something that doubles, as contexts and clients do: each run is a point, medians are
 * joined. What it is of stands above it in the page.
 */
public final class Plot {
  private static final int WIDTH = 400;
  private static final int HEIGHT = 220;
  private static final int LEFT = 46;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 34;
  private static final int MARKS = 4;

  /** A reference may be so much above what was measured before it is told in words alone. */
  private static final double FAR = 3;

  private final List<Series> series;
  private final List<Reference> references;
  private final Axis down;
  private final String across;
  private final double least;
  private final double most;
  private final double top;

  /**
   * What belongs together.
   *
   * @param name for the legend
   */
  public record Series(String name, List<Dot> dots) {}

  /** All runs at one place of the axis. */
  public record Dot(int at, Spread spread) {}

  /** A figure that was not measured, drawn as a broken line. */
  public record Reference(String label, double value) {}

  private Plot(String across, List<Series> series, List<Reference> references, Axis down) {
    this.series = series;
    this.across = across;
    this.down = down;
    List<Dot> dots = series.stream().flatMap(each -> each.dots().stream()).toList();
    this.least = dots.stream().mapToDouble(Dot::at).min().orElseThrow();
    this.most = dots.stream().mapToDouble(Dot::at).max().orElseThrow();
    double highest = dots.stream().mapToDouble(dot -> dot.spread().max()).max().orElseThrow();
    this.references = references.stream().filter(each -> shows(each, highest)).toList();
    double shown =
        this.references.stream().mapToDouble(Reference::value).reduce(highest, Math::max);
    this.top = Axis.rounded(shown * 1.04);
  }

  /**
   * Whether a plot has room for what was not measured.
   *
   * @param highest of what was
   */
  static boolean shows(Reference reference, double highest) {
    return reference.value() <= FAR * highest;
  }

  /**
   * @param across what the places are of
   * @param scale what a value is multiplied with to be told
   * @return empty where there is nothing to draw
   */
  public static String of(
      String title, String across, double scale, List<Series> series, List<Reference> references) {
    List<Series> drawn = series.stream().filter(each -> !each.dots().isEmpty()).toList();
    return drawn.isEmpty() ? "" : new Plot(across, drawn, references, new Axis(scale)).draw(title);
  }

  private String draw(String title) {
    var out = new StringBuilder();
    out.append(
        text(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            WIDTH, HEIGHT, Html.text(title)));
    grid(out);
    places(out);
    for (Reference reference : references) {
      reference(out, reference);
    }
    for (int i = 0; i < series.size(); i++) {
      series(out, series.get(i), i);
    }
    return out.append("</svg>\n").toString();
  }

  private void grid(StringBuilder out) {
    for (int i = 0; i <= MARKS; i++) {
      double value = top * i / MARKS;
      out.append(
          text(
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                  + "<text class=\"mark\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT, y(value), WIDTH - RIGHT, y(value), LEFT - 7, y(value) + 4, down.mark(value)));
    }
  }

  private void places(StringBuilder out) {
    double last = Double.NEGATIVE_INFINITY;
    for (int at : ticks()) {
      double x = x(at);
      if (x - last >= 34) {
        last = x;
        out.append(
            text(
                "<text class=\"mark\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>%n",
                x, HEIGHT - BOTTOM + 16, at));
      }
    }
    out.append(
        text(
            "<text class=\"mark\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
            (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 3, Html.text(across)));
  }

  private List<Integer> ticks() {
    return series.stream()
        .flatMap(each -> each.dots().stream())
        .map(Dot::at)
        .distinct()
        .sorted()
        .toList();
  }

  private void reference(StringBuilder out, Reference reference) {
    double y = y(reference.value());
    out.append(
        text(
            "<line class=\"reference\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                + "<text class=\"mark\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
            LEFT, y, WIDTH - RIGHT, y, WIDTH - RIGHT, y - 5, Html.text(reference.label())));
  }

  private void series(StringBuilder out, Series one, int number) {
    var medians = new ArrayList<String>();
    for (Dot dot : one.dots()) {
      medians.add(String.format(Locale.ROOT, "%.1f,%.1f", x(dot.at()), y(dot.spread().median())));
    }
    out.append(
        text(
            "<polyline class=\"line s%d\" points=\"%s\"/>%n",
            number + 1, String.join(" ", medians)));
    for (Dot dot : one.dots()) {
      for (double run : dot.spread().runs()) {
        out.append(mark(number, x(dot.at()), y(run)));
      }
    }
    out.append('\n');
  }

  /** Round ones of the first, square ones of others, for those who print in grey. */
  private static String mark(int number, double x, double y) {
    return number == 0
        ? text("<circle class=\"run s1\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\"/>", x, y)
        : text(
            "<rect class=\"run s%d\" x=\"%.1f\" y=\"%.1f\" width=\"5\" height=\"5\"/>",
            number + 1, x - 2.5, y - 2.5);
  }

  private double x(int at) {
    double width = WIDTH - LEFT - RIGHT;
    double inset = 14; // so that the first point does not sit on the numbers
    return least == most
        ? LEFT + width / 2
        : LEFT + inset + (width - 2 * inset) * Math.log(at / least) / Math.log(most / least);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.min(1, value / top);
  }
}
