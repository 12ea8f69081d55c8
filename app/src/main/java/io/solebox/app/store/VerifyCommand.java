package io.solebox.app.store;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Verifier;
import io.solebox.store.layout.Verifier.Checked;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads models and holds their files to their digests. */
@Command(
    name = "verify",
    description = "Read the files of models and hold each to its digest. Exit code 1 if one fails.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "Models of the store. Default: all.")
  private List<String> names = List.of();

  @Option(
      names = "--discard",
      description = "Take damaged files away, so that the next pull or import brings sound ones.")
  private boolean discard;

  @Option(names = "--json", description = "Print one JSON array, an object for each file.")
  private boolean json;

  VerifyCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelStore store = models.store();
    List<ModelName> found =
        names.isEmpty()
            ? store.names()
            : names.stream().map(name -> Models.require(store, name)).toList();
    var verifier = new Verifier(store);
    List<Checked> blobs = verifier.blobs(found);
    long start = System.nanoTime();
    List<Checked> checked = check(verifier, blobs);
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Checked> bad = checked.stream().filter(c -> c.state() != Verifier.State.SOUND).toList();
    if (discard) {
      bad.stream().filter(c -> c.state() == Verifier.State.DAMAGED).forEach(verifier::discard);
    }
    if (json) {
      models.json(checked.stream().map(VerifyCommand::fields).toList());
    } else {
      print(found, checked, bad, seconds);
    }
    return bad.isEmpty() ? 0 : 1;
  }

  private List<Checked> check(Verifier verifier, List<Checked> blobs) {
    long all = Math.max(1, blobs.stream().mapToLong(Checked::bytes).sum());
    var read = new AtomicLong();
    List<Checked> checked = new ArrayList<>();
    try (var bar = new ProgressBar(models.console(), "verifying")) {
      for (Checked blob : blobs) {
        LongConsumer progress =
            bytes -> bar.report(blob.title(), Math.min(1, (double) read.addAndGet(bytes) / all));
        checked.add(verifier.check(blob, progress));
      }
    }
    return checked;
  }

  private void print(
      List<ModelName> found, List<Checked> checked, List<Checked> bad, double seconds) {
    for (Checked blob : bad) {
      models
          .console()
          .println(
              "%s: %s of %s (%s)"
                  .formatted(
                      blob.state().name().toLowerCase(Locale.ROOT),
                      blob.title(),
                      String.join(", ", blob.names().stream().map(ModelName::toString).toList()),
                      blob.digest()));
    }
    long bytes = checked.stream().mapToLong(Checked::bytes).sum();
    models
        .console()
        .println(
            String.format(
                Locale.ROOT,
                "%d models, %d files, %s in %.1f s: %s",
                found.size(),
                checked.size(),
                Units.bytes(bytes),
                seconds,
                bad.isEmpty() ? "all sound." : bad.size() + " are not sound."));
    if (!bad.isEmpty()) {
      models
          .console()
          .println(
              discard
                  ? "Pull or import these models again."
                  : "'solebox models verify --discard' takes damaged files away; then pull or"
                      + " import these models again.");
    }
  }

  private static Map<String, Object> fields(Checked blob) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("digest", blob.digest().toString());
    fields.put("title", blob.title());
    fields.put("bytes", blob.bytes());
    fields.put("models", blob.names().stream().map(ModelName::toString).toList());
    fields.put("state", blob.state().name().toLowerCase(Locale.ROOT));
    return fields;
  }
}
