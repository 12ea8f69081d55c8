package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.WatchAdvice;
import io.solebox.scout.settings.WatchText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a watch at the end of the file. */
@Command(
    name = "add",
    description = "Look for something more. The rest of the file stays as it is, comments and all.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class WatchesAddCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Parameters(paramLabel = "NAME", description = "By which it is known.")
  private String name;

  @Option(names = "--any", paramLabel = "WORDS", description = "One of these; may be repeated.")
  private List<String> any = List.of();

  @Option(names = "--all", paramLabel = "WORDS", description = "All of these.")
  private List<String> all = List.of();

  @Option(names = "--none", paramLabel = "WORDS", description = "None of these.")
  private List<String> none = List.of();

  @Option(names = "--part", paramLabel = "NUMBER", description = "Or one of these part numbers.")
  private List<String> parts = List.of();

  @Option(names = "--card", paramLabel = "CARD", description = "Or one of these cards.")
  private List<String> cards = List.of();

  @Option(names = "--price", paramLabel = "BAND", description = "As in '..450 EUR'.")
  private Optional<String> price;

  @Option(names = "--per-unit", paramLabel = "PRICE", description = "For one card of a lot.")
  private Optional<String> perUnit;

  @Option(names = "--per-gb", paramLabel = "PRICE", description = "For 1 GB of its memory.")
  private Optional<String> perGigabyte;

  @Option(names = "--site", paramLabel = "SITE", description = "Only there, as in EBAY_DE.")
  private List<String> sites = List.of();

  @Option(names = "--channel", paramLabel = "NAME", description = "Tell it there alone.")
  private List<String> channels = List.of();

  WatchesAddCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    WrittenSettings written = WrittenSettings.read(place.config(environment));
    written.settings(console);
    ScoutSettings settings =
        written.replace(console, WatchText.with(written.text(), WatchText.block(fields())));
    console.println(ScoutWatchesCommand.text(settings.watches().getLast()));
    WatchAdvice.of(settings.watches().getLast(), settings)
        .forEach(each -> console.error("note: " + each));
    return 0;
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    list(fields, "any", any);
    list(fields, "all", all);
    list(fields, "none", none);
    list(fields, "part_numbers", parts);
    list(fields, "cards", cards);
    price.ifPresent(it -> fields.put("price", it));
    perUnit.ifPresent(it -> fields.put("per_unit", it));
    perGigabyte.ifPresent(it -> fields.put("per_gb", it));
    list(fields, "sites", sites);
    list(fields, "channels", channels);
    return fields;
  }

  private static void list(Map<String, Object> fields, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      fields.put(name, texts);
    }
  }
}
