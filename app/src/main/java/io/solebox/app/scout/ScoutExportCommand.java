package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.scout.outbox.Mutes;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.settings.WatchText;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prints what people have said of a scout, for another one. */
@Command(
    name = "export",
    description = "Print the watches, and what is muted, as one JSON object for 'scout import'.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutExportCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  ScoutExportCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    ScoutSettings settings = WrittenSettings.read(place.config(environment)).settings(console);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("watches", settings.watches().stream().map(WatchText::fields).toList());
    object.put("mutes", mutes().stream().map(ScoutExportCommand::fields).toList());
    console.println(Json.text(object));
    return 0;
  }

  private List<Mutes.Mute> mutes() {
    if (!Files.exists(place.file(environment))) {
      return List.of();
    }
    try (Database database = place.open(environment)) {
      return database.read(sql -> Mutes.list(sql, Instant.now()));
    }
  }

  private static Map<String, Object> fields(Mutes.Mute mute) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", mute.kind().name());
    fields.put("target", mute.target());
    fields.put("hold", mute.hold());
    mute.ends().ifPresent(ends -> fields.put("ends", ends.toString()));
    return fields;
  }
}
