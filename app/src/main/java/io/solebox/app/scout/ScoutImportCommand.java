package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.scout.outbox.Mutes;
import io.solebox.scout.settings.WatchText;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes over what another scout was told. */
@Command(
    name = "import",
    description =
        "Take over watches and what is muted from a file of 'scout export'. Watches whose name is"
            + " there already are left as they are.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ScoutImportCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Mixin private ScoutPlace place;

  @Parameters(paramLabel = "FILE", description = "What 'scout export' has printed.")
  private Path file;

  ScoutImportCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Map<String, Object> object = read();
    List<Mutes.Mute> mutes = objects(object, "mutes").stream().map(this::mute).toList();
    WrittenSettings written = WrittenSettings.read(place.config(environment));
    Set<String> there =
        written.settings(console).watches().stream().map(Watch::name).collect(Collectors.toSet());
    String text = written.text();
    List<String> added = new ArrayList<>();
    for (Map<?, ?> each : objects(object, "watches")) {
      String name = String.valueOf(each.get("name"));
      if (there.contains(name)) {
        console.error("note: '" + name + "' is there already.");
      } else {
        text = WatchText.with(text, WatchText.block(texts(each)));
        added.add(name);
      }
    }
    if (!added.isEmpty()) {
      written.replace(console, text);
    }
    if (!mutes.isEmpty()) {
      write(mutes);
    }
    console.println("%d watches and %d mutes taken over.".formatted(added.size(), mutes.size()));
    return 0;
  }

  private Map<String, Object> read() {
    try {
      return new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(file));
    } catch (IOException e) {
      throw bad("It cannot be read: " + e.getMessage() + ".");
    } catch (JsonException e) {
      throw bad(e.getMessage() + ".");
    }
  }

  private List<Map<?, ?>> objects(Map<String, Object> object, String name) {
    List<Map<?, ?>> found = new ArrayList<>();
    if (object.getOrDefault(name, List.of()) instanceof List<?> list) {
      for (Object each : list) {
        if (!(each instanceof Map<?, ?> map)) {
          throw bad("'" + name + "' must hold objects alone.");
        }
        found.add(map);
      }
      return found;
    }
    throw bad("'" + name + "' must be an array.");
  }

  private static Map<String, Object> texts(Map<?, ?> map) {
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach((name, value) -> fields.put(String.valueOf(name), value == null ? "" : value));
    return fields;
  }

  private Mutes.Mute mute(Map<?, ?> fields) {
    try {
      return new Mutes.Mute(
          Mutes.Kind.valueOf(String.valueOf(fields.get("kind"))),
          String.valueOf(fields.get("target")),
          Boolean.TRUE.equals(fields.get("hold")),
          Optional.ofNullable(fields.get("ends")).map(it -> Instant.parse(it.toString())));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw bad("A mute is none: " + e.getMessage() + ".");
    }
  }

  private void write(List<Mutes.Mute> mutes) {
    Instant now = Instant.now();
    try (Database database = place.open(environment)) {
      database.transaction(
          sql -> {
            for (Mutes.Mute mute : mutes) {
              Mutes.write(sql, mute, now);
            }
            return mutes.size();
          });
    }
  }

  private SoleboxException bad(String what) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, file.toString(), what, "Take what 'scout export' printed.");
  }
}
