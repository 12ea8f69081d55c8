package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Comparison.Difference;
import io.solebox.app.bench.report.Comparison.Row;
import io.solebox.app.bench.report.Plot.Series;
import io.solebox.app.console.Html;
import io.solebox.app.console.Html.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Two reports as a page of one file. */
public final class CompareHtml {
  private final Comparison comparison;

  private CompareHtml(Comparison comparison) {
    this.comparison = comparison;
  }

  public static String of(Comparison comparison) {
    return new CompareHtml(comparison).page();
  }

  private String page() {
    return Html.page(
        "Two bench reports of Solebox",
        head()
            + plots()
            + rows()
            + only()
            + "<h2>A</h2>\n"
            + about(comparison.first())
            + "<h2>B</h2>\n"
            + about(comparison.second())
            + ReportPage.embedded(comparison.fields()));
  }

  private String head() {
    List<String> differences = comparison.differences().stream().map(Difference::words).toList();
    return "<header>\n<p class=\"kind\">Two bench reports</p>\n<h1>%s</h1>\n<p class=\"soft\">A: %s<br/>B: %s</p>\n</header>\n"
            .formatted(names(), where(comparison.first()), where(comparison.second()))
        + "<div class=\"%s\"><h3>%s</h3>\n%s</div>\n"
            .formatted(
                comparison.isPlain() ? "said" : "warn",
                Html.text(comparison.conclusion()),
                differences.isEmpty() ? "" : Html.list(differences))
        + "<p class=\"soft\">%s.</p>\n".formatted(Html.text(comparison.counts()));
  }

  private String names() {
    String first = Html.text(comparison.first().model().name());
    String second = Html.text(comparison.second().model().name());
    return first.equals(second) ? first : first + " and " + second;
  }

  private static String where(BoxReport report) {
    return Html.text(
        "%s on %s, Solebox %s, %s"
            .formatted(
                report.model().format(),
                report.machine().device(),
                report.version(),
                Parts.day(report)));
  }

  private String plots() {
    return "<h2>Side by side</h2>\n"
        + Parts.plots(
            "plots",
            List.of(
                plot("Decode over context, tokens/s", Quantity.DECODE, BoxReport::overContext),
                plot("Decode over clients, tokens/s", Quantity.DECODE, BoxReport::overClients),
                plot("Prefill over the prompt, tokens/s", Quantity.PREFILL, BoxReport::overContext),
                plot(
                    "First token over the prompt, s", Quantity.FIRST_TOKEN, BoxReport::overContext),
                plot(
                    "Share of the read bandwidth, %",
                    Quantity.BANDWIDTH_SHARE, BoxReport::overContext)));
  }

  private String plot(
      String title, Quantity quantity, BiFunction<BoxReport, Quantity, List<Figure>> over) {
    boolean overClients = title.contains("clients");
    List<Series> series =
        List.of(
            new Series("A", ReportHtml.dots(over.apply(comparison.first(), quantity), overClients)),
            new Series(
                "B", ReportHtml.dots(over.apply(comparison.second(), quantity), overClients)));
    String svg =
        Plot.of(
            title,
            overClients ? "clients at once" : "tokens",
            ReportHtml.scale(quantity),
            series,
            List.of());
    return Parts.figure(title, svg, Parts.legend(List.of("A", "B")), "");
  }

  private String rows() {
    List<List<String>> rows = comparison.rows().stream().map(CompareHtml::row).toList();
    return rows.isEmpty()
        ? "<p>No figure is in both of them.</p>\n"
        : "<h2>Figures of both</h2>\n<p class=\"faint\">Medians, with the least and the most; the ratio is B over A.</p>\n"
            + Html.table(
                List.of(
                    Column.words("Figure"),
                    Column.numbers("A"),
                    Column.numbers("B"),
                    Column.words(""),
                    Column.numbers("ratio"),
                    Column.words("B is")),
                rows);
  }

  private static List<String> row(Row row) {
    Quantity.Unit unit = row.first().quantity().unit();
    String tint =
        switch (row.verdict()) {
          case BETTER -> "good";
          case WORSE -> "bad";
          case NOISE, ONE_RUN, OTHER_WORK -> "faint";
        };
    return List.of(
        Html.text(row.first().title()),
        spread(row.first().spread(), unit),
        spread(row.second().spread(), unit),
        unit.people(),
        row.ratioText(),
        "<span class=\"%s\">%s</span>".formatted(tint, row.verdict().words()));
  }

  private static String spread(Spread spread, Quantity.Unit unit) {
    return "%s <span class=\"faint\">(%s to %s)</span>"
        .formatted(
            unit.number(spread.median()), unit.number(spread.min()), unit.number(spread.max()));
  }

  private String only() {
    var sentences = new ArrayList<String>();
    comparison.onlyFirst().forEach(title -> sentences.add("Only A has: " + title + "."));
    comparison.onlySecond().forEach(title -> sentences.add("Only B has: " + title + "."));
    return sentences.isEmpty() ? "" : "<h2>Of one alone</h2>\n" + Html.list(sentences);
  }

  private static String about(BoxReport report) {
    Map<String, String> facts = Parts.machine(report);
    facts.putAll(Parts.model(report));
    facts.put("Measured", Parts.day(report));
    return Parts.facts(facts);
  }
}
