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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How much of the disk models take. */
@Command(
    name = "du",
    description =
        "Show how much of the disk each model of the store takes, and shares with others.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UsageCommand implements Callable<Integer> {
  private final Models models;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  UsageCommand(Models models) {
    this.models = models;
  }

  /** Bytes of all generations of a name, and of these what no other name has. */
  private record Usage(ModelName name, long bytes, long own) {}

  @Override
  public Integer call() {
    ModelStore store = models.store();
    Map<ModelName, Set<Descriptor>> blobs = new LinkedHashMap<>();
    for (ModelName name : store.names()) {
      Set<Descriptor> all = new HashSet<>();
      for (Generation generation : store.generations(name)) {
        generation
            .manifest()
            .blobs()
            .forEach(b -> all.add(new Descriptor("", b.digest(), b.size())));
      }
      blobs.put(name, all);
    }
    Map<Digest, Integer> owners = new HashMap<>();
    Map<Digest, Long> sizes = new HashMap<>();
    blobs
        .values()
        .forEach(
            all ->
                all.forEach(
                    blob -> {
                      owners.merge(blob.digest(), 1, Integer::sum);
                      sizes.put(blob.digest(), blob.size());
                    }));
    List<Usage> usages = new ArrayList<>();
    blobs.forEach((name, all) -> usages.add(usage(name, all, owners)));
    long total = sizes.values().stream().mapToLong(size -> size).sum();
    long unneeded =
        new Sweeper(store)
            .find(Sweeper.Rule.garbage(Instant.now())).stream().mapToLong(Garbage::bytes).sum();
    if (json) {
      models.json(fields(usages, total, unneeded));
    } else {
      print(usages, total, unneeded);
    }
    return 0;
  }

  private static Usage usage(ModelName name, Set<Descriptor> blobs, Map<Digest, Integer> owners) {
    long bytes = blobs.stream().mapToLong(Descriptor::size).sum();
    long own =
        blobs.stream()
            .filter(blob -> owners.get(blob.digest()) == 1)
            .mapToLong(Descriptor::size)
            .sum();
    return new Usage(name, bytes, own);
  }

  private static Map<String, Object> fields(List<Usage> usages, long total, long unneeded) {
    List<Object> rows = new ArrayList<>();
    for (Usage usage : usages) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", usage.name().toString());
      row.put("bytes", usage.bytes());
      row.put("own_bytes", usage.own());
      rows.add(row);
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("models", rows);
    fields.put("bytes", total);
    fields.put("unneeded_bytes", unneeded);
    return fields;
  }

  private void print(List<Usage> usages, long total, long unneeded) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "SIZE", "ALONE"));
    for (Usage usage : usages) {
      rows.add(
          List.of(usage.name().toString(), Units.bytes(usage.bytes()), Units.bytes(usage.own())));
    }
    rows.add(List.of("all", Units.bytes(total), ""));
    models.table(rows);
    if (unneeded > 0) {
      models
          .console()
          .println(Units.bytes(unneeded) + " more are of no model: 'solebox models prune'.");
    }
  }
}
