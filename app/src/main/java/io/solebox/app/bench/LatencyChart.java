package io.solebox.app.bench;

import static io.solebox.app.console.Svg.escaped;
import static io.solebox.app.console.Svg.text;

import io.solebox.app.console.Svg;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.List;

/**
 * Times of tokens as SVG: how much of all (across, from 0 to 99.9 %) takes at most how long (up, in
 * microseconds, logarithmic).
 */
final class LatencyChart {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 300;
  private static final int LEFT = 70;
  private static final int RIGHT = 130;
  private static final int TOP = 36;
  private static final int BOTTOM = 34;
  private static final int POINTS = 200;
  private static final double LAST = 0.999;
  private static final List<String> COLOURS =
      List.of("#8b949e", "#0f7b6c", "#b35900", "#2f6feb", "#a0389a");

  private final double least;
  private final double most;

  private LatencyChart(double least, double most) {
    this.least = least;
    this.most = most;
  }

  /**
   * @throws SoleboxException {@code IO_ERROR}
   */
  static void write(Path file, List<HttpReport.Times> times) {
    Svg.write(file, svg(times));
  }

  static String svg(List<HttpReport.Times> times) {
    double least = times.stream().mapToDouble(t -> t.micros(0)).min().orElse(1);
    double most = times.stream().mapToDouble(t -> t.micros(LAST)).max().orElse(10);
    double from = Math.pow(10, Math.floor(Math.log10(Math.max(0.1, least))));
    double to = Math.pow(10, Math.ceil(Math.log10(Math.max(1, most))));
    return new LatencyChart(from, Math.max(10 * from, to)).draw(times);
  }

  private String draw(List<HttpReport.Times> times) {
    var out = new StringBuilder(Svg.head(WIDTH, HEIGHT));
    out.append(
        "<style>text{fill:#57606a}.line{fill:none;stroke-width:1.5}.grid{stroke:#57606a;opacity:.25}"
            + "@media(prefers-color-scheme:dark){text{fill:#b8c0c8}}</style>\n");
    out.append("<title>Times of tokens</title><text x='0' y='16'>");
    out.append("From a step's end to the token at its reader, microseconds</text>\n");
    for (double mark = least; mark <= most * 1.001; mark *= 10) {
      out.append(
          text(
              "<line class='grid' x1='%d' y1='%.1f' x2='%d' y2='%.1f'/><text x='%d' y='%.1f' text-anchor='end'>%s</text>%n",
              LEFT, y(mark), WIDTH - RIGHT, y(mark), LEFT - 8, y(mark) + 4, plain(mark)));
    }
    for (double share : List.of(0.0, 0.5, 0.9, 0.99)) {
      out.append(
          text(
              "<text x='%.1f' y='%d' text-anchor='middle'>%.0f %%</text>%n",
              x(share), HEIGHT - 12, 100 * share));
    }
    for (int i = 0; i < times.size(); i++) {
      curve(out, times.get(i), COLOURS.get(i % COLOURS.size()), TOP + 14 + 20 * i);
    }
    return out.append("</svg>\n").toString();
  }

  private void curve(StringBuilder out, HttpReport.Times times, String colour, int labelY) {
    out.append(text("<polyline class='line' stroke='%s' points='", colour));
    for (int i = 0; i <= POINTS; i++) {
      double share = LAST * i / POINTS;
      out.append(text("%.1f,%.1f ", x(share), y(Math.max(least, times.micros(share)))));
    }
    out.append("'/>");
    out.append(
        text(
            "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='%s' stroke-width='2'/>",
            WIDTH - RIGHT + 10, labelY - 4, WIDTH - RIGHT + 26, labelY - 4, colour));
    out.append(
        text(
            "<text x='%d' y='%d'>%s</text>%n",
            WIDTH - RIGHT + 32, labelY, escaped(times.stream())));
  }

  private static double x(double share) {
    return LEFT + (WIDTH - LEFT - RIGHT) * share / LAST;
  }

  private double y(double micros) {
    double part = Math.log10(micros / least) / Math.log10(most / least);
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.min(1, part);
  }

  private static String plain(double value) {
    return value >= 1 ? text("%.0f", value) : text("%.1f", value);
  }
}
