package io.solebox.app.bench.report;

import io.solebox.app.console.Units;
import io.solebox.engine.error.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** A report in lines, for whoever has waited for it. */
public final class ReportText {
  private ReportText() {}

  public static List<String> lines(BoxReport report) {
    var lines = new ArrayList<String>();
    Subject model = report.model();
    lines.add(
        Printable.line(
            "%s, %s, %s, on %s"
                .formatted(
                    model.name(),
                    model.format(),
                    Units.bytes(model.bytes()),
                    report.machine().device())));
    int widest =
        report.figures().stream().mapToInt(it -> Places.title(it).length()).max().orElse(0);
    Places.grouped(report.figures(), Function.identity())
        .forEach(
            (place, figures) -> {
              lines.add(place);
              figures.forEach(figure -> lines.add(line(figure, widest)));
            });
    Stream.of(
            report.notes().stream().map(each -> "note: " + each),
            report.missing().stream().map(each -> "not measured: " + each),
            silent(report))
        .flatMap(each -> each)
        .map(Printable::line)
        .forEach(lines::add);
    return lines;
  }

  private static Stream<String> silent(BoxReport report) {
    return report.trace().silent().stream()
        .map(each -> "not measured: " + each.name() + ": " + each.why());
  }

  private static String line(Figure figure, int widest) {
    Quantity.Unit unit = figure.quantity().unit();
    Spread spread = figure.spread();
    String title = Printable.line(Places.title(figure));
    String noise =
        spread.runs().size() == 1
            ? "  one run"
            : "  %s to %s".formatted(unit.number(spread.min()), unit.number(spread.max()));
    return "  "
        + title
        + " ".repeat(Math.max(0, widest - title.length()) + 2)
        + "%8s".formatted(unit.number(spread.median()))
        + " "
        + "%-9s".formatted(unit.people())
        + noise;
  }
}
