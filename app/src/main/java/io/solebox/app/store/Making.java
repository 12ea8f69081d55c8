package io.solebox.app.store;

import io.solebox.app.console.ProgressBar;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.intake.Importer;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a model of another one, as a file or in the store. What breaks off leaves the store as it
 * was, and where the work can go on, the same command does.
 *
 * @param how what is done, as in {@code quantize Q4_K_M}
 */
record Making(Models models, SourceModel source, String how) {
  /** Writes the model. */
  @FunctionalInterface
  interface Work<T> {
    /**
     * @param file to be written
     * @param replace whether a file of this name may be replaced
     */
    T write(Path file, boolean replace, ProgressBar bar);
  }

  /**
   * What became of it.
   *
   * @param generation that counts now, where it is in the store
   */
  record Made<T>(T result, Destination at, Optional<Generation> generation) {
    /** For JSON. */
    Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      switch (at) {
        case Destination.File(Path path) -> fields.put("file", path.toString());
        case Destination.Stored(ModelName name) -> fields.put("name", name.toString());
      }
      generation.ifPresent(now -> fields.put("generation", now.number()));
      return fields;
    }
  }

  /**
   * @param replace whether a person's file may be replaced; names get a new generation
   */
  <T> Made<T> run(Destination to, boolean replace, Work<T> work) {
    try (var _ = source.use("makes " + to + " of it")) {
      return switch (to) {
        case Destination.File(Path path) ->
            new Made<>(write(work, path, replace), to, Optional.empty());
        case Destination.Stored(ModelName name) -> keep(name, work);
      };
    }
  }

  private <T> T write(Work<T> work, Path file, boolean replace) {
    try (var bar = new ProgressBar(models.console(), file.getFileName().toString())) {
      return work.write(file, replace, bar);
    }
  }

  private <T> Made<T> keep(ModelName name, Work<T> work) {
    ModelStore store = models.store();
    String key = Digest.of(name.folder().toString().getBytes(StandardCharsets.UTF_8)).hex();
    try (Partial partial = store.blobs().partial("made-" + key, "makes " + name)) {
      Path file = partial.file(name.fileName());
      T result = write(work, file, true);
      try (var bar = new ProgressBar(models.console(), "keeping " + name)) {
        Map<String, String> said =
            Map.of(Annotations.MADE_FROM, source.identity(), Annotations.MADE_BY, how);
        Generation now = new Importer(store).publishMade(partial, file, name, said, bar);
        return new Made<>(result, new Destination.Stored(name), Optional.of(now));
      }
    }
  }

  /** Says where a model is that was kept in the store, and sees to the clean-up after it. */
  void announce(Made<?> made) {
    made.generation()
        .ifPresent(
            now -> {
              models
                  .console()
                  .error(
                      "%s is there, generation %d; 'solebox run %s' runs it."
                          .formatted(made.at(), now.number(), made.at()));
              models.cleanUp();
            });
  }
}
