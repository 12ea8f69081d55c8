package io.solebox.app.smoke;

import io.solebox.app.console.Console;
import io.solebox.app.console.Console.Tint;
import io.solebox.app.console.Table;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.Expectation;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.Grade;
import io.solebox.hardware.smoke.SmokeReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report for a terminal: a table of each card and each pair, with the reasons below it. */
final class SmokeText {
  private final Console console;
  private final SmokeReport report;

  private SmokeText(Console console, SmokeReport report) {
    this.console = console;
    this.report = report;
  }

  static void print(Console console, SmokeReport report) {
    new SmokeText(console, report).print();
  }

  private void print() {
    grouped(report).forEach(this::group);
    matrix("Direct, from card to card", "peer.direct");
    matrix("By way of the host, from card to card", "peer.host");
    list("Held", report.power());
    list("Not tried", report.missing());
    list("Notes", report.notes());
    report.aborted().ifPresent(why -> console.println("Aborted: " + why + "."));
    console.println(summary(report));
  }

  /** As in {@code Smoke test: bad; 2 of 40 figures are bad, 1 is low.} */
  static String summary(SmokeReport report) {
    long bad = report.figures().stream().filter(each -> each.grade() == Grade.BAD).count();
    long low = report.figures().stream().filter(each -> each.grade() == Grade.LOW).count();
    long open = report.figures().stream().filter(each -> each.grade() == Grade.NOT_JUDGED).count();
    return "Smoke test, %s: %s. Of %d figures %d are bad, %d low, %d not judged."
        .formatted(report.pace(), report.grade().words(), report.figures().size(), bad, low, open);
  }

  /** By what they are of, in the order in which they came. */
  static Map<String, List<Figure>> grouped(SmokeReport report) {
    Map<String, List<Figure>> groups = new LinkedHashMap<>();
    report
        .figures()
        .forEach(
            each -> groups.computeIfAbsent(title(report, each), _ -> new ArrayList<>()).add(each));
    return groups;
  }

  /** A card with its name; pairs and groups as they are called. */
  private static String title(SmokeReport report, Figure figure) {
    return report.cards().stream()
        .filter(card -> card.device().equals(figure.subject()))
        .findFirst()
        .map(SmokeText::named)
        .orElse(figure.subject());
  }

  private static String named(CardFacts card) {
    return card.device()
        + ", "
        + card.name()
        + card.address().map(address -> " at " + address).orElse("");
  }

  private void group(String title, List<Figure> figures) {
    console.println(title);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("  FIGURE", "MEASURED", "EXPECTED", "VERDICT"));
    figures.forEach(
        each ->
            rows.add(
                List.of(
                    "  " + each.title(),
                    each.unit().text(each.value()),
                    expected(each),
                    each.grade().words())));
    List<String> lines = Table.lines(rows);
    console.println(lines.getFirst());
    for (int i = 0; i < figures.size(); i++) {
      line(lines.get(i + 1), figures.get(i).grade());
      reasons(figures.get(i));
    }
    console.println("");
  }

  private void matrix(String title, String id) {
    PeerMatrix.of(report, id)
        .ifPresent(
            matrix -> {
              console.println(title);
              List<List<String>> rows = new ArrayList<>(matrix.rows());
              rows.addFirst(matrix.head());
              Table.lines(rows).forEach(line -> console.println("  " + line));
              console.println("");
            });
  }

  private void line(String line, Grade grade) {
    switch (grade) {
      case BAD -> console.print(Tint.RED, line);
      case LOW -> console.print(Tint.YELLOW, line);
      case GOOD, NOT_JUDGED -> console.print(line);
    }
    console.print("\n");
  }

  private void reasons(Figure figure) {
    figure.reasons().forEach(each -> console.printFaint("    " + each + "\n"));
  }

  /** As in {@code 12.2 GB/s (51 %)}. */
  static String expected(Figure figure) {
    return switch (figure.expected()) {
      case Expectation.Value(double value, String _) -> figure.unit().text(value) + share(figure);
      case Expectation.Nothing _ -> "-";
    };
  }

  private static String share(Figure figure) {
    return figure.share().isPresent()
        ? String.format(Locale.ROOT, " (%.0f %%)", 100 * figure.share().getAsDouble())
        : "";
  }

  private void list(String title, List<String> sentences) {
    if (!sentences.isEmpty()) {
      console.println(title + ":");
      sentences.forEach(each -> console.println("  " + each));
    }
  }
}
