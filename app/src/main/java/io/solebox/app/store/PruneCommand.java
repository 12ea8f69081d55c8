package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.store.layout.Garbage;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Frees what nothing names. */
@Command(
    name = "prune",
    description = "Show what the store holds that no model needs; with --yes, remove it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PruneCommand implements Callable<Integer> {
  private final Models models;

  @Spec private CommandSpec spec;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Also older generations of models, but for the latest N. Default: all stay.")
  private Optional<Integer> keep = Optional.empty();

  @Option(names = "--yes", description = "Remove it.")
  private boolean yes;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  PruneCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    if (keep.filter(n -> n < 1).isPresent()) {
      throw new ParameterException(spec.commandLine(), "--keep must be at least 1");
    }
    ModelStore store = models.store();
    OptionalInt kept = keep.map(OptionalInt::of).orElse(OptionalInt.empty());
    var rule = new Sweeper.Rule(kept, Set.of(), Instant.now());
    var sweeper = new Sweeper(store);
    List<Garbage> garbage = yes ? sweeper.sweep(rule) : sweeper.find(rule);
    long bytes = garbage.stream().mapToLong(Garbage::bytes).sum();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("removed", yes);
      fields.put("bytes", bytes);
      fields.put("items", garbage.stream().map(PruneCommand::fields).toList());
      models.json(fields);
      return 0;
    }
    for (Garbage item : garbage) {
      models
          .console()
          .println("%s %s (%s)".formatted(kind(item), item.what(), Units.bytes(item.bytes())));
    }
    models.console().println(summary(garbage, bytes));
    return 0;
  }

  private String summary(List<Garbage> garbage, long bytes) {
    if (garbage.isEmpty()) {
      return "There is nothing that no model needs.";
    }
    return yes
        ? Units.bytes(bytes) + " are free again."
        : "This would free " + Units.bytes(bytes) + "; --yes does it.";
  }

  private static Map<String, Object> fields(Garbage item) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", item.kind().name().toLowerCase(Locale.ROOT));
    fields.put("what", item.what());
    fields.put("path", item.path().toString());
    fields.put("bytes", item.bytes());
    return fields;
  }

  private static String kind(Garbage item) {
    return item.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
