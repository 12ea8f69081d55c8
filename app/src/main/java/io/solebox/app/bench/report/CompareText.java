package io.solebox.app.bench.report;

import io.solebox.app.bench.report.Comparison.Difference;
import io.solebox.app.bench.report.Comparison.Row;
import io.solebox.app.console.Console;
import io.solebox.app.console.Console.Tint;
import io.solebox.engine.error.Printable;
import java.util.List;

/** Two reports on a terminal, or in a pipe. */
public final class CompareText {
  private static final int NUMBER = 8;

  private final Console console;

  private CompareText(Console console) {
    this.console = console;
  }

  public static void print(Console console, Comparison comparison) {
    new CompareText(console).print(comparison);
  }

  private void print(Comparison comparison) {
    console.println("A: " + about(comparison.first()));
    console.println("B: " + about(comparison.second()));
    console.println("");
    say(comparison.isPlain() ? Tint.GREEN : Tint.YELLOW, comparison.conclusion());
    comparison.differences().stream().map(Difference::words).forEach(this::sentence);
    if (!comparison.rows().isEmpty()) {
      console.println("");
      rows(comparison.rows());
      console.println("");
      console.println(comparison.counts() + ".");
    } else {
      console.println("No figure is in both of them.");
    }
    comparison.onlyFirst().forEach(title -> sentence("Only A has: " + title + "."));
    comparison.onlySecond().forEach(title -> sentence("Only B has: " + title + "."));
  }

  private static String about(BoxReport report) {
    return Printable.line(
        "%s, %s, on %s, Solebox %s, %s"
            .formatted(
                report.model().name(),
                report.model().format(),
                report.machine().device(),
                report.version(),
                Parts.day(report)));
  }

  private void sentence(String text) {
    console.println("  " + Printable.line(text));
  }

  private void say(Tint tint, String text) {
    console.print(tint, Printable.line(text));
    console.println("");
  }

  private void rows(List<Row> rows) {
    int widest = rows.stream().mapToInt(row -> title(row).length()).max().orElse(0);
    console.printFaint(
        "  %s %s %s %s  B is%n"
            .formatted(" ".repeat(widest), right("A"), right("B"), right("ratio")));
    Places.grouped(rows, Row::first)
        .forEach(
            (place, own) -> {
              console.println(place);
              own.forEach(row -> row(row, widest));
            });
  }

  private void row(Row row, int widest) {
    Quantity.Unit unit = row.first().quantity().unit();
    String title = title(row);
    console.print(
        "  %s %s %s %s  "
            .formatted(
                title + " ".repeat(widest - title.length()),
                right(unit.number(row.first().spread().median())),
                right(unit.number(row.second().spread().median())),
                right(row.ratioText())));
    verdict(row);
    console.println("");
  }

  private static String title(Row row) {
    return Printable.line(Places.title(row.first()))
        + ", "
        + row.first().quantity().unit().people();
  }

  private void verdict(Row row) {
    String words = row.verdict().words();
    switch (row.verdict()) {
      case BETTER -> console.print(Tint.GREEN, words);
      case WORSE -> console.print(Tint.RED, words);
      case NOISE, ONE_RUN, OTHER_WORK -> console.printFaint(words);
    }
  }

  private static String right(String text) {
    return " ".repeat(Math.max(0, NUMBER - text.length())) + text;
  }
}
