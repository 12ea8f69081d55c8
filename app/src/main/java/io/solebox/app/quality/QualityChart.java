package io.solebox.app.quality;

import static io.solebox.app.console.Svg.escaped;
import static io.solebox.app.console.Svg.text;

import io.solebox.app.console.Svg;
import io.solebox.app.quality.QualityReport.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Divergences of models from their source as SVG: those of all tokens, sorted, a line for each
 * model; and, of several models, their means by size.
 */
final class QualityChart {
  private static final int WIDTH = 720;
  private static final int PLOT = 240;
  private static final int LEFT = 72;
  private static final int RIGHT = 200;
  private static final int HEAD = 56;
  private static final int FOOT = 52;
  private static final int PERCENT = 100;
  private static final int LINE = 18;

  /** Lines that differ in grey, too. */
  private static final List<String> DASHES = List.of("none", "6 3", "2 3", "10 3 2 3");

  private static final String STYLE =
      "<style>text{fill:#57606a;font-variant-numeric:tabular-nums}.title{font-weight:600}"
          + ".axis{stroke:#d0d5da;fill:none}.line{fill:none;stroke:#b3660a;stroke-width:2}"
          + ".dot{fill:#b3660a}"
          + "@media(prefers-color-scheme:dark){text{fill:#b8c0c8}.axis{stroke:#3b4148}"
          + ".line{stroke:#f0a63c}.dot{fill:#f0a63c}}</style>\n";

  private final List<Measured> models;
  private final LogScale scale;
  private final StringBuilder out = new StringBuilder();

  QualityChart(List<Measured> models) {
    this.models = List.copyOf(models);
    this.scale = LogScale.of(models.stream().map(Measured::divergence).toList());
  }

  String draw() {
    int panel = HEAD + PLOT + FOOT;
    out.append(Svg.head(WIDTH, models.size() > 1 ? 2 * panel : panel)).append(STYLE);
    tokens();
    if (models.size() > 1) {
      bySize(panel);
    }
    return out.append("</svg>\n").toString();
  }

  private void tokens() {
    frame(0, "KL divergence from the source of each token, in nats, sorted");
    for (int percent = 0; percent <= PERCENT; percent += 25) {
      label(x(percent / (double) PERCENT), HEAD + PLOT + LINE, "middle", percent + " %");
    }
    label(LEFT, HEAD + PLOT + 2 * LINE, "start", "of the tokens");
    List<Integer> places =
        apart(models.stream().map(m -> y(0, m.divergence().quantile(1))).toList());
    for (int i = 0; i < models.size(); i++) {
      Divergence d = models.get(i).divergence();
      String points =
          IntStream.rangeClosed(0, PERCENT)
              .mapToObj(
                  p ->
                      text(
                          "%.1f %.1f",
                          x(p / (double) PERCENT), y(0, d.quantile(p / (double) PERCENT))))
              .collect(Collectors.joining(" L"));
      out.append(
          text(
              "<path class='line' stroke-dasharray='%s' d='M%s'/>%n",
              DASHES.get(i % DASHES.size()), points));
      label(WIDTH - RIGHT + 8, places.get(i), "start", name(models.get(i)));
    }
  }

  private void bySize(int top) {
    frame(top, "Mean KL divergence by bits per weight");
    double most = models.stream().mapToDouble(m -> m.size().bitsPerWeight()).max().orElse(1);
    int step = Math.max(1, (int) Math.ceil(most / 8));
    double end = step * Math.ceil(most / step);
    for (int bits = 0; bits <= end; bits += step) {
      label(x(bits / end), top + HEAD + PLOT + LINE, "middle", String.valueOf(bits));
    }
    label(LEFT, top + HEAD + PLOT + 2 * LINE, "start", "bits per weight");
    for (Measured model : models) {
      double x = x(model.size().bitsPerWeight() / end);
      double y = y(top, model.divergence().mean());
      out.append(text("<circle class='dot' cx='%.1f' cy='%.1f' r='4'/>%n", x, y));
      label(x + 8, (int) Math.round(y) + 4, "start", name(model));
    }
  }

  private void frame(int top, String title) {
    out.append(text("<text class='title' x='0' y='%d'>%s</text>%n", top + LINE, title));
    out.append(
        text(
            "<path class='axis' d='M%d %d V%d H%d'/>%n",
            LEFT, top + HEAD, top + HEAD + PLOT, WIDTH - RIGHT));
    for (double tick : scale.ticks()) {
      label(LEFT - 8, (int) Math.round(y(top, tick)) + 4, "end", text("%.0e", tick));
    }
  }

  private void label(double x, int y, String anchor, String label) {
    out.append(
        text("<text x='%.1f' y='%d' text-anchor='%s'>%s</text>%n", x, y, anchor, escaped(label)));
  }

  private static String name(Measured model) {
    return model.size().name();
  }

  /** Heights of labels at these heights, in their order, none over another. */
  private static List<Integer> apart(List<Double> heights) {
    var taken = new ArrayList<Integer>();
    for (double height : heights) {
      int at = (int) Math.round(height) + 4;
      while (isNear(at, taken)) {
        at += LINE / 2;
      }
      taken.add(at);
    }
    return taken;
  }

  private static boolean isNear(int at, List<Integer> taken) {
    return taken.stream().anyMatch(other -> Math.abs(other - at) < LINE - 2);
  }

  private static double x(double share) {
    return LEFT + (WIDTH - LEFT - RIGHT) * share;
  }

  private double y(int top, double divergence) {
    return top + HEAD + PLOT - PLOT * scale.share(divergence);
  }
}
