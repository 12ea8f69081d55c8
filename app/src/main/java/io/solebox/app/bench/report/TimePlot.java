package io.solebox.app.bench.report;

import static io.solebox.app.console.Svg.text;

import io.solebox.app.bench.report.Trace.Line;
import io.solebox.app.bench.report.Trace.Moment;
import io.solebox.app.bench.report.Trace.Stage;
import io.solebox.app.console.Html;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What sensors said over the seconds of a run, above the stages of what was done. */
final class TimePlot {
  private static final int WIDTH = 520;
  private static final int HEIGHT = 240;
  private static final int LEFT = 46;
  private static final int RIGHT = 14;
  private static final int TOP = 14;
  private static final int BOTTOM = 48;
  private static final int MARKS = 4;

  /** More lines in one plot are told apart by nobody. */
  static final int MOST_LINES = 4;

  private static final Axis PLAIN = new Axis(1);

  private final List<Line> lines;
  private final List<Stage> stages;
  private final double end;
  private final double least;
  private final double most;

  private TimePlot(List<Line> lines, List<Stage> stages) {
    this.lines = lines;
    this.stages = stages;
    double last =
        lines.stream()
            .flatMap(line -> line.moments().stream())
            .mapToDouble(Moment::second)
            .max()
            .orElse(1);
    this.end = Math.max(1e-3, stages.stream().mapToDouble(Stage::to).reduce(last, Math::max));
    double low = lines.stream().mapToDouble(line -> line.spread().min()).min().orElse(0);
    double high = lines.stream().mapToDouble(line -> line.spread().max()).max().orElse(1);
    // From 0 where that is near; else changes of a few degrees would be a flat line.
    double step = Axis.rounded(Math.max(high - low, 4) * 1.1) / MARKS;
    boolean fromZero = low >= 0 && low <= high / 2;
    this.least = fromZero ? 0 : Math.floor(low / step) * step;
    this.most = fromZero ? Axis.rounded(high * 1.04) : least + MARKS * Math.ceil(step * 1.3);
  }

  /** Empty where there is nothing to draw. */
  static String of(String title, List<Line> lines, List<Stage> stages) {
    return lines.isEmpty()
        ? ""
        : new TimePlot(lines.stream().limit(MOST_LINES).toList(), stages).draw(title);
  }

  private String draw(String title) {
    var out = new StringBuilder();
    out.append(
        text(
            "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
            WIDTH, HEIGHT, Html.text(title)));
    for (int i = 0; i <= MARKS; i++) {
      double value = least + (most - least) * i / MARKS;
      out.append(
          text(
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>"
                  + "<text class=\"mark\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
              LEFT, y(value), WIDTH - RIGHT, y(value), LEFT - 7, y(value) + 4, PLAIN.mark(value)));
    }
    stages(out);
    for (int i = 0; i < lines.size(); i++) {
      out.append(
          text("<polyline class=\"line s%d\" points=\"%s\"/>%n", i + 1, points(lines.get(i))));
    }
    return out.append("</svg>\n").toString();
  }

  private void stages(StringBuilder out) {
    int base = HEIGHT - BOTTOM;
    for (int i = 0; i < stages.size(); i++) {
      Stage stage = stages.get(i);
      double x = x(stage.from());
      double width = Math.max(0.5, x(stage.to()) - x - 1);
      out.append(
          text(
              "<rect class=\"stage\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\">"
                  + "<title>%s, %.0f to %.0f s</title></rect>"
                  + "<text class=\"mark\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
              x,
              base + 4,
              width,
              Html.text(stage.name()),
              stage.from(),
              stage.to(),
              x + width / 2,
              base + 15,
              width >= 12 ? Integer.toString(i + 1) : ""));
    }
    out.append(
        text(
            "<text class=\"mark\" x=\"%d\" y=\"%d\">0</text>"
                + "<text class=\"mark\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f s</text>%n",
            LEFT, HEIGHT - 8, WIDTH - RIGHT, HEIGHT - 8, end));
  }

  private String points(Line line) {
    return line.moments().stream()
        .map(each -> String.format(Locale.ROOT, "%.1f,%.1f", x(each.second()), y(each.value())))
        .collect(Collectors.joining(" "));
  }

  private double x(double second) {
    return LEFT + (WIDTH - LEFT - RIGHT) * Math.clamp(second / end, 0, 1);
  }

  private double y(double value) {
    double share = (value - least) / (most - least);
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * Math.clamp(share, 0, 1);
  }
}
