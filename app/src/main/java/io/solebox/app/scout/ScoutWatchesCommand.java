package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.WatchText;
import io.solebox.scout.watch.Watch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what is looked for, and holds the commands that look at it and change it. */
@Command(
    name = "watches",
    description = "Show what is looked for.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutWatchesCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  private ScoutWatchesCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  static CommandLine with(Console console, Environment environment) {
    return new CommandLine(new ScoutWatchesCommand(console, environment))
        .addSubcommand(new WatchesCheckCommand(console, environment))
        .addSubcommand(new WatchesAddCommand(console, environment))
        .addSubcommand(new WatchesRemoveCommand(console, environment));
  }

  @Override
  public Integer call() {
    ScoutSettings settings = WrittenSettings.read(place.config(environment)).settings(console);
    if (json) {
      console.println(Json.text(settings.watches().stream().map(WatchText::fields).toList()));
      return 0;
    }
    if (settings.watches().isEmpty()) {
      console.println("Nothing is looked for. Begin with: solebox scout watches add");
    }
    settings.watches().forEach(watch -> console.println(text(watch)));
    return 0;
  }

  /** A line for its name, and one for each thing that it asks for. */
  static String text(Watch watch) {
    Map<String, Object> fields = WatchText.fields(watch);
    return fields.entrySet().stream()
        .map(
            each ->
                each.getKey().equals("name")
                    ? watch.name()
                    : "  %-15s %s".formatted(each.getKey(), words(each.getValue())))
        .collect(Collectors.joining("\n"));
  }

  private static String words(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(Object::toString).collect(Collectors.joining(", "))
        : value.toString();
  }
}
