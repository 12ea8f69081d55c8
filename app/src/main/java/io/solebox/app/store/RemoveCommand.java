package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Garbage;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Sweeper;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Removes models, and the files that were theirs alone. */
@Command(
    name = "rm",
    aliases = "remove",
    description = "Remove models from the store, and of their files those that no other model has.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RemoveCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Models of the store.")
  private List<String> names;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  RemoveCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelStore store = models.store();
    List<ModelName> found = names.stream().map(name -> Models.require(store, name)).toList();
    Set<Digest> theirs = new HashSet<>();
    for (ModelName name : found) {
      for (Generation generation : store.remove(name)) {
        generation.manifest().blobs().stream().map(Descriptor::digest).forEach(theirs::add);
      }
    }
    long freed =
        new Sweeper(store)
            .sweep(new Sweeper.Rule(OptionalInt.empty(), theirs, Instant.now())).stream()
                .mapToLong(Garbage::bytes)
                .sum();
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("removed", found.stream().map(ModelName::toString).toList());
      fields.put("freed_bytes", freed);
      models.json(fields);
    } else {
      found.forEach(name -> models.console().println("removed " + name));
      models.console().println(Units.bytes(freed) + " are free again.");
    }
    return 0;
  }
}
