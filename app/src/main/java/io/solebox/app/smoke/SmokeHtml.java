package io.solebox.app.smoke;

import io.solebox.app.bench.report.Parts;
import io.solebox.app.bench.report.Plot;
import io.solebox.app.bench.report.ReportJson;
import io.solebox.app.bench.report.ReportPage;
import io.solebox.app.bench.report.SensorsHtml;
import io.solebox.app.bench.report.Spread;
import io.solebox.app.bench.report.Trace;
import io.solebox.app.console.Html;
import io.solebox.app.console.Html.Column;
import io.solebox.hardware.smoke.Expectation;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.Grade;
import io.solebox.hardware.smoke.SmokeFields;
import io.solebox.hardware.smoke.SmokeReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as a page of one file, with its JSON inside. */
final class SmokeHtml {
  private final SmokeReport report;
  private final Trace trace;

  private SmokeHtml(SmokeReport report, Trace trace) {
    this.report = report;
    this.trace = trace;
  }

  static String of(SmokeReport report, Trace trace) {
    return new SmokeHtml(report, trace).page();
  }

  /** The report with what sensors said, for programs. */
  static Map<String, Object> fields(SmokeReport report, Trace trace) {
    Map<String, Object> fields = new LinkedHashMap<>(SmokeFields.of(report));
    fields.put("trace", ReportJson.trace(trace));
    return fields;
  }

  private String page() {
    return Html.page(
        "Smoke test by Solebox",
        head()
            + said("warn", "Aborted", report.aborted().stream().toList())
            + said("warn", "What is wrong", troubles())
            + said("warn", "Not tried", report.missing())
            + said("said", "What holds the cards", report.power())
            + said("said", "Notes", report.notes())
            + groups()
            + matrices()
            + curves()
            + SensorsHtml.of(trace)
            + ReportPage.embedded(fields(report, trace)));
  }

  private String head() {
    return "<header>\n<p class=\"kind\">Smoke test, Solebox %s</p>\n<h1>%s</h1>\n<p class=\"soft\">%s</p>\n</header>\n"
        .formatted(
            Html.text(report.version()),
            Html.text(
                report.cards().stream()
                    .map(card -> card.name())
                    .distinct()
                    .collect(Collectors.joining(", "))),
            Html.text(report.at() + ". " + SmokeText.summary(report)));
  }

  private List<String> troubles() {
    return report.troubles().stream().map(SmokeHtml::trouble).toList();
  }

  private static String trouble(Figure figure) {
    return "%s: %s is %s, %s against %s. %s"
        .formatted(
            figure.subject(),
            figure.title(),
            figure.grade().words(),
            figure.unit().text(figure.value()),
            SmokeText.expected(figure),
            String.join(" ", figure.reasons()))
        .strip();
  }

  private static String said(String kind, String title, List<String> sentences) {
    return sentences.isEmpty()
        ? ""
        : "<div class=\"%s\"><h3>%s</h3>\n%s</div>\n".formatted(kind, title, Html.list(sentences));
  }

  private String groups() {
    var out = new StringBuilder();
    SmokeText.grouped(report)
        .forEach(
            (title, figures) ->
                out.append("<h2>%s</h2>\n".formatted(Html.text(title)))
                    .append(
                        Html.table(
                            List.of(
                                Column.words("Figure"),
                                Column.numbers("measured"),
                                Column.numbers("expected"),
                                Column.words("verdict"),
                                Column.words("why")),
                            figures.stream().map(SmokeHtml::row).toList())));
    return out.toString();
  }

  private static List<String> row(Figure figure) {
    String source =
        switch (figure.expected()) {
          case Expectation.Value(double _, String from) -> "Expected: " + from + ".";
          case Expectation.Nothing(String why) -> "Not judged: " + why + ".";
        };
    List<String> words = new ArrayList<>(figure.reasons());
    words.add(source);
    return List.of(
        Html.text(figure.title()),
        Html.text(figure.unit().text(figure.value())),
        Html.text(SmokeText.expected(figure)),
        "<span class=\"%s\">%s</span>".formatted(colour(figure.grade()), figure.grade().words()),
        "<span class=\"faint\">%s</span>".formatted(Html.text(String.join(" ", words))));
  }

  private static String colour(Grade grade) {
    return switch (grade) {
      case GOOD -> "good";
      case LOW, BAD -> "bad";
      case NOT_JUDGED -> "faint";
    };
  }

  private String matrices() {
    return matrix("Direct, to each card", "peer.direct")
        + matrix("Direct, while as much goes back", "peer.direct.both")
        + matrix("By way of the host", "peer.host")
        + matrix("Direct, latency", "peer.direct.latency");
  }

  private String matrix(String title, String id) {
    return PeerMatrix.of(report, id)
        .map(
            matrix ->
                "<h3>%s</h3>\n".formatted(Html.text(title))
                    + Html.table(
                        matrix.head().stream().map(Column::numbers).toList(), matrix.rows()))
        .orElse("");
  }

  private String curves() {
    return Parts.plots(
        "plots",
        report.curves().stream()
            .map(
                curve ->
                    Parts.figure(
                        curve.title() + ", " + curve.unit().people(),
                        plot(curve),
                        "",
                        "The largest size is judged: small ones measure latency."))
            .toList());
  }

  private static String plot(SmokeReport.Curve curve) {
    List<Plot.Dot> dots =
        curve.places().stream()
            .map(
                place ->
                    new Plot.Dot(
                        (int) Math.max(1, place.at() / 1024), new Spread(List.of(place.value()))))
            .toList();
    return Plot.of(
        curve.title(),
        String.format(Locale.ROOT, "%s / 1024", curve.across()),
        curve.unit().scale(),
        List.of(new Plot.Series("", dots)),
        List.of());
  }
}
