package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Plot.Dot;
import io.solebox.app.bench.report.Plot.Reference;
import io.solebox.app.bench.report.Plot.Series;
import io.solebox.app.console.Html;
import io.solebox.app.console.Html.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A report as a page of one file, with its JSON inside. */
public final class ReportHtml {
  private final BoxReport report;

  private ReportHtml(BoxReport report) {
    this.report = report;
  }

  public static String of(BoxReport report) {
    return new ReportHtml(report).page();
  }

  private String page() {
    String name = report.model().name();
    return Html.page(
        name + ", measured by Solebox",
        head()
            + tiles()
            + missing()
            + notes()
            + speed()
            + SensorsHtml.of(report.trace())
            + compared()
            + figures()
            + "<h2>Machine</h2>\n"
            + Parts.facts(Parts.machine(report))
            + "<h2>Model and run</h2>\n"
            + Parts.facts(Parts.model(report))
            + ReportPage.embedded(ReportJson.fields(report)));
  }

  private String head() {
    Machine machine = report.machine();
    return "<header>\n<p class=\"kind\">Bench report, Solebox %s</p>\n<h1>%s</h1>\n<p class=\"soft\">%s</p>\n</header>\n"
        .formatted(
            Html.text(report.version()),
            Html.text(report.model().name()),
            Html.text(
                "%s on %s, %s"
                    .formatted(report.model().format(), machine.device(), Parts.day(report))));
  }

  private String tiles() {
    var tiles = new ArrayList<String>();
    tile(tiles, "Decode, one client", fastest(report.overContext(Quantity.DECODE)));
    tile(tiles, "All clients", fastest(report.overClients(Quantity.DECODE)));
    tile(tiles, "First token", shortest(report.overContext(Quantity.FIRST_TOKEN)));
    tile(tiles, "Of the bandwidth", fastest(report.overContext(Quantity.BANDWIDTH_SHARE)));
    tile(tiles, "Tokens per joule", fastest(report.of(Quantity.TOKENS_PER_JOULE)));
    tile(tiles, "Load", report.first(Quantity.LOAD));
    return "<div class=\"tiles\">\n" + String.join("", tiles) + "</div>\n";
  }

  private static void tile(List<String> tiles, String title, Optional<Figure> figure) {
    String value =
        figure
            .map(
                found -> {
                  Quantity.Unit unit = found.quantity().unit();
                  return "<b>%s <span>%s</span></b><small>%s</small>"
                      .formatted(
                          unit.number(found.spread().median()),
                          unit.people(),
                          Html.text(found.point().map(Object::toString).orElse(times(found))));
                })
            .orElse("<b>–</b><small>not measured</small>");
    tiles.add("<div class=\"tile\"><small>%s</small>%s</div>%n".formatted(Html.text(title), value));
  }

  private static String times(Figure figure) {
    int runs = figure.spread().runs().size();
    return runs == 1 ? "once" : "the median of " + runs;
  }

  private static Optional<Figure> fastest(List<Figure> figures) {
    return figures.stream().max(Comparator.comparingDouble(each -> each.spread().median()));
  }

  private static Optional<Figure> shortest(List<Figure> figures) {
    return figures.stream().min(Comparator.comparingDouble(each -> each.spread().median()));
  }

  private String missing() {
    return report.missing().isEmpty()
        ? ""
        : "<div class=\"warn\"><h3>Not measured</h3>\n" + Html.list(report.missing()) + "</div>\n";
  }

  private String speed() {
    List<Reference> seeds =
        SeedFigure.all().stream()
            .map(each -> new Reference(each.label(), each.scaled(report.model().bytesPerToken())))
            .toList();
    String across = "context, tokens";
    return "<h2>Speed</h2>\n<p class=\"faint\">Each run is a point; lines join the medians.</p>\n"
        + Parts.plots(
            "plots",
            List.of(
                plot(
                    "Decode over context, tokens/s",
                    across,
                    report.overContext(Quantity.DECODE),
                    seeds,
                    "One client. " + far(seeds)),
                plot(
                    "Decode over clients, tokens/s",
                    "clients at once",
                    report.overClients(Quantity.DECODE),
                    List.of(),
                    "All of them together, each at %d tokens."
                        .formatted(report.conditions().clientPrompt())),
                plot(
                    "Share of the read bandwidth, %",
                    across,
                    report.overContext(Quantity.BANDWIDTH_SHARE),
                    List.of(),
                    "What decode reads, of what reading alone gives in the same minute: before and"
                        + " after each run."),
                plot(
                    "Prefill over the prompt, tokens/s",
                    "prompt, tokens",
                    report.overContext(Quantity.PREFILL),
                    List.of(),
                    "Until the first token is there."),
                plot(
                    "First token over the prompt, s",
                    "prompt, tokens",
                    report.overContext(Quantity.FIRST_TOKEN),
                    List.of(),
                    "One client that nobody else is served beside."),
                plot(
                    "First token over clients, s",
                    "clients at once",
                    report.overClients(Quantity.FIRST_TOKEN),
                    List.of(),
                    "The median of those that ask at the same moment.")));
  }

  /** Lines that are beyond the plot are told. */
  private String far(List<Reference> seeds) {
    double most =
        report.overContext(Quantity.DECODE).stream()
            .mapToDouble(each -> each.spread().max())
            .max()
            .orElse(0);
    String beyond =
        seeds.stream()
            .filter(each -> !Plot.shows(each, most))
            .map(Reference::label)
            .collect(Collectors.joining("; "));
    return beyond.isEmpty() ? "" : "Far above this plot: " + beyond + ".";
  }

  private static String plot(
      String title, String across, List<Figure> figures, List<Reference> references, String words) {
    double scale = figures.stream().findFirst().map(each -> scale(each.quantity())).orElse(1.0);
    List<Dot> dots = dots(figures, across.startsWith("clients"));
    String svg = Plot.of(title, across, scale, List.of(new Series("", dots)), references);
    return Parts.figure(title, svg, "", words);
  }

  static double scale(Quantity quantity) {
    return switch (quantity.unit()) {
      case SECONDS, TOKENS_PER_SECOND, WATTS, TOKENS_PER_JOULE -> 1;
      case BYTES_PER_SECOND -> 1e-9;
      case SHARE -> 100;
    };
  }

  static List<Dot> dots(List<Figure> figures, boolean overClients) {
    Function<Figure.Point, Integer> place =
        point -> overClients ? point.clients() : point.context();
    return figures.stream()
        .map(each -> new Dot(place.apply(each.point().orElseThrow()), each.spread()))
        .sorted(Comparator.comparingInt(Dot::at))
        .toList();
  }

  private String compared() {
    List<String> arithmetic =
        SeedFigure.all().stream().map(each -> each.arithmetic(report.model())).toList();
    return ("<h2>What people compare with</h2>\n<p>“%s” goes round, mostly without a format."
                + " Decode reads all weights for each token, so the figure says how many bytes a second"
                + " that GPU reads, and what this model would make of as many. None of it was measured"
                + " here, and keys and values are left out of it.</p>\n")
            .formatted(Html.text(SeedFigure.CLAIM))
        + Html.list(arithmetic)
        + measured();
  }

  private String measured() {
    return fastest(report.overContext(Quantity.DECODE))
        .map(
            figure ->
                "<p>Measured here: %s %s.</p>%n"
                    .formatted(
                        Html.text(figure.quantity().unit().text(figure.spread().median())),
                        Html.text(figure.point().orElseThrow().toString())))
        .orElse("");
  }

  private String figures() {
    List<List<String>> rows = report.figures().stream().map(ReportHtml::row).toList();
    return "<h2>All figures, and their noise</h2>\n"
        + "<p class=\"faint\">Spread is from the least run to the most, of the median.</p>\n"
        + Html.table(
            List.of(
                Column.words("Figure"),
                Column.numbers("median"),
                Column.numbers("least"),
                Column.numbers("most"),
                Column.words(""),
                Column.numbers("spread"),
                Column.numbers("runs")),
            rows);
  }

  private static List<String> row(Figure figure) {
    Quantity.Unit unit = figure.quantity().unit();
    Spread spread = figure.spread();
    int runs = spread.runs().size();
    return List.of(
        Html.text(figure.title()),
        unit.number(spread.median()),
        unit.number(spread.min()),
        unit.number(spread.max()),
        unit.people(),
        runs == 1 ? "one run" : Math.round(100 * spread.noise()) + " %",
        Integer.toString(runs));
  }

  private String notes() {
    return report.notes().isEmpty()
        ? ""
        : "<div class=\"said\"><h3>Notes</h3>\n" + Html.list(report.notes()) + "</div>\n";
  }
}
