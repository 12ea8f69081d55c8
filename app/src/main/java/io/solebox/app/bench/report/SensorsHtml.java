package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Trace.Line;
import io.solebox.app.bench.report.Trace.What;
import io.solebox.app.console.Html;
import io.solebox.app.console.Html.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What sensors said, as a part of a page. */
public final class SensorsHtml {
  private final Trace trace;

  private SensorsHtml(Trace trace) {
    this.trace = trace;
  }

  public static String of(Trace trace) {
    return new SensorsHtml(trace).page();
  }

  private String page() {
    var figures = new ArrayList<String>();
    for (What what : What.values()) {
      List<Line> lines = busiest(trace.of(what));
      String title = title(what);
      figures.add(
          Parts.figure(
              title,
              TimePlot.of(title, lines, trace.stages()),
              Parts.legend(lines.stream().map(Line::name).toList()),
              trace.of(what).size() > lines.size()
                  ? "The %d that changed most, of %d."
                      .formatted(lines.size(), trace.of(what).size())
                  : ""));
    }
    return "<h2>Power and heat</h2>\n"
        + Parts.plots("plots wide", figures)
        + stages()
        + sensors()
        + silent();
  }

  private static String title(What what) {
    return switch (what) {
      case POWER -> "Power over the run, W";
      case TEMPERATURE -> "Temperatures over the run, °C";
      case CLOCK -> "Clocks over the run, MHz";
      case SPEED -> "Operations over the run, TFLOP/s";
    };
  }

  private static List<Line> busiest(List<Line> lines) {
    return lines.stream()
        .sorted(
            Comparator.comparingDouble((Line line) -> line.spread().max() - line.spread().min())
                .reversed())
        .limit(TimePlot.MOST_LINES)
        .toList();
  }

  private String stages() {
    if (trace.lines().isEmpty()) {
      return "";
    }
    var words = new ArrayList<String>();
    for (Trace.Stage stage : trace.stages()) {
      words.add("%d %s".formatted(words.size() + 1, stage.name()));
    }
    return "<p class=\"faint\">%s.</p>\n".formatted(Html.text(String.join(", ", words)));
  }

  private String sensors() {
    List<List<String>> rows =
        trace.lines().stream()
            .map(
                line ->
                    List.of(
                        Html.text(line.name()),
                        Axis.number(line.spread().min()),
                        Axis.number(line.spread().median()),
                        Axis.number(line.spread().max()),
                        line.what().unit()))
            .toList();
    return rows.isEmpty()
        ? ""
        : Html.table(
            List.of(
                Column.words("Sensor"),
                Column.numbers("least"),
                Column.numbers("median"),
                Column.numbers("most"),
                Column.words("")),
            rows);
  }

  private String silent() {
    List<String> said =
        trace.silent().stream().map(each -> each.name() + ": " + each.why() + ".").toList();
    return said.isEmpty() ? "" : "<h3>What no sensor tells</h3>\n" + Html.list(said);
  }
}
