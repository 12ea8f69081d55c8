package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.Wrapped;
import io.solebox.app.session.Since;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.PartTable.Found;
import io.solebox.planner.machine.Machines;
import io.solebox.scout.judge.AskingPrices;
import io.solebox.scout.judge.AskingPrices.Series;
import io.solebox.scout.judge.PriceDay;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How the asking prices of a card went. */
@Command(
    name = "history",
    description = "Show what the scout has seen asked for a card, as a plot for each currency.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutHistoryCommand implements Callable<Integer> {
  private static final int USUAL_DAYS = AskingPrices.USUAL_DAYS;

  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Parameters(arity = "1", paramLabel = "CARD", description = "As in v100-sxm2-32gb.")
  private String card;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = Since.class,
      description =
          "From that day on, as in 2026-03-01, or from so long ago, as in 30d. Default: 90d.")
  private Optional<Since.Moment> since;

  @Option(
      names = "--currency",
      paramLabel = "CODE",
      description = "One alone, as in EUR. Default: all that were seen.")
  private Optional<String> currency;

  @Option(names = "--json", description = "Print one JSON object, day by day.")
  private boolean json;

  ScoutHistoryCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Part part = new Machines().card(card);
    Path file = place.file(environment);
    if (!Files.exists(file)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          file.toString(),
          "No scout has remembered anything here.",
          "Run 'solebox scout run' first, or name its folder with --state.");
    }
    try (Database database = place.open(environment)) {
      print(part, new AskingPrices(database));
    }
    return 0;
  }

  private void print(Part part, AskingPrices prices) {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    LocalDate first =
        since
            .map(at -> LocalDate.ofInstant(at.instant(), ZoneOffset.UTC))
            .orElse(today.minusDays(USUAL_DAYS - 1));
    Map<Series, Long> all = series(part, prices, first);
    if (json) {
      console.println(Json.text(fields(part, prices, first, all)));
    } else if (all.isEmpty()) {
      console.error("No price of %s was seen since %s.".formatted(part.name(), first));
    } else {
      LocalDate last = first.isAfter(today) ? first : today;
      all.forEach((each, seen) -> plot(part, prices, PricePlot.of(first, last), each, seen));
    }
  }

  /** Cards that differ by their ids alone are one. */
  private Map<Series, Long> series(Part part, AskingPrices prices, LocalDate first) {
    Map<Series, Long> all = new LinkedHashMap<>();
    PartTable cards = PartTable.cards();
    prices
        .series(first)
        .forEach(
            (each, seen) -> {
              boolean wanted =
                  currency.map(code -> code.toUpperCase(Locale.ROOT)).stream()
                      .allMatch(each.currency()::equals);
              if (wanted && isOf(part, cards.find(each.card()))) {
                all.put(each, seen);
              }
            });
    return all;
  }

  private static boolean isOf(Part part, Found found) {
    return switch (found) {
      case Found.One(Part one) -> one.name().equals(part.name());
      case Found.Several _, Found.Unknown _ -> false;
    };
  }

  private void plot(Part part, AskingPrices prices, PricePlot plot, Series series, long seen) {
    List<PriceDay> spans = prices.history(series, plot.first(), plot.days());
    console.println(
        "%s, %s for one, %d %s since %s:"
            .formatted(
                part.name(),
                series.currency(),
                seen,
                seen == 1 ? "price" : "prices",
                plot.first()));
    plot.lines(spans).forEach(console::println);
    PriceDay last = spans.getLast();
    String when = plot.days() == 1 ? "On " + last.day() : "In the days from " + last.day();
    Wrapped.lines(
            "%s: median %s, a tenth at most %s, nine tenths at most %s (%d seen). Each column is %s; █ is the median, ░ from a tenth to nine tenths."
                .formatted(
                    when,
                    last.median(),
                    last.low(),
                    last.high(),
                    last.seen(),
                    plot.days() == 1 ? "a day" : plot.days() + " days"),
            0)
        .forEach(console::println);
  }

  private static Map<String, Object> fields(
      Part part, AskingPrices prices, LocalDate first, Map<Series, Long> all) {
    List<Object> currencies = new ArrayList<>();
    all.forEach(
        (each, seen) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("currency", each.currency());
          one.put("prices", seen);
          one.put(
              "days",
              prices.history(each, first).stream().map(ScoutHistoryCommand::fields).toList());
          currencies.add(one);
        });
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("card", part.key());
    fields.put("name", part.name());
    fields.put("since", first.toString());
    fields.put("currencies", currencies);
    return fields;
  }

  private static Map<String, Object> fields(PriceDay day) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("day", day.day().toString());
    fields.put("prices", day.seen());
    fields.put("low", day.low().amount());
    fields.put("median", day.median().amount());
    fields.put("high", day.high().amount());
    return fields;
  }
}
