package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.engine.error.Printable;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the store knows of a model. */
@Command(
    name = "show",
    description = "Show a model of the store: its files, licence, source and generations.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1", paramLabel = "NAME", description = "A model of the store.")
  private String name;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  ShowCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelStore store = models.store();
    ModelName found = Models.require(store, name);
    Generation current = Models.current(store, found);
    Map<String, Object> fields =
        new LinkedHashMap<>(
            Listed.of(
                    store,
                    new ModelStore.Entry(found, current, store.isPinned(found)),
                    LookHere.Seen.NOTHING)
                .fields());
    fields.put("digest", current.manifest().digest().toString());
    fields.put("path", store.file(found, current.manifest()).toString());
    fields.put("annotations", current.manifest().annotations());
    fields.put("files", current.manifest().layers().stream().map(ShowCommand::file).toList());
    fields.put("generation", current.number());
    fields.put(
        "generations", store.generations(found).stream().map(ShowCommand::generation).toList());
    if (json) {
      models.json(fields);
    } else {
      fields.forEach(this::print);
    }
    return 0;
  }

  private static Map<String, Object> file(Descriptor layer) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("title", layer.title().orElse(""));
    file.put("type", layer.mediaType());
    file.put("bytes", layer.size());
    file.put("digest", layer.digest().toString());
    return file;
  }

  private static Map<String, Object> generation(Generation generation) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", generation.number());
    fields.put("published", generation.published().toString());
    fields.put("bytes", generation.manifest().size());
    fields.put("digest", generation.manifest().digest().toString());
    return fields;
  }

  private void print(String key, Object value) {
    switch (value) {
      case Map<?, ?> map -> map.forEach((k, v) -> line("  " + k, v));
      case List<?> list -> {
        line(key, list.size());
        list.forEach(item -> line("  -", text((Map<?, ?>) item)));
      }
      default -> line(key, value);
    }
  }

  private static String text(Map<?, ?> map) {
    return String.join(
        ", ",
        map.entrySet().stream()
            .map(e -> e.getKey() + " " + shown(String.valueOf(e.getKey()), e.getValue()))
            .toList());
  }

  private void line(String key, Object value) {
    models.console().println(Printable.line(key + ": " + shown(key, value)));
  }

  private static String shown(String key, Object value) {
    return key.endsWith("bytes") && value instanceof Long bytes
        ? Units.bytes(bytes)
        : value.toString();
  }
}
