package io.solebox.app.store;

import io.solebox.app.session.ModelLocator;
import io.solebox.store.layout.Leases;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The model that a command makes another one of.
 *
 * @param file a file, or a folder of safetensors
 * @param stored which one it is, where it is in a store
 */
record SourceModel(Path file, Optional<Stored> stored) {
  /** A model of a store. */
  record Stored(ModelStore store, MadeFrom identity) {
    ModelName name() {
      return identity.name();
    }
  }

  /**
   * Finds what a person named: a path, or the name of a model wherever it is.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code MODEL_NOT_FOUND}
   */
  static SourceModel find(ModelLocator locator, String text) {
    ModelLocator.Located located = locator.locateNamed(Optional.of(text));
    return new SourceModel(
        located.file(),
        ModelStore.holding(located.file())
            .flatMap(
                store ->
                    store
                        .manifestOf(located.file())
                        .flatMap(
                            digest ->
                                ModelName.find(located.name())
                                    .map(name -> new Stored(store, new MadeFrom(name, digest))))));
  }

  /**
   * Its name in the store.
   *
   * @throws ParameterException where it is not there, so that a person has to say where to write
   */
  ModelName nameIn(CommandSpec spec) {
    return stored
        .map(Stored::name)
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "Where to? The model is not in the store: name a file, OUT.gguf, or a name for"
                        + " the store"));
  }

  /** The model's own name where its file or folder has none. */
  Optional<String> givenName() {
    return stored.map(model -> model.name().name());
  }

  /** Keeps it where it is until this is closed. */
  Leases.Lease use(String purpose) {
    return stored
        .map(model -> model.store().leases().take(model.identity().manifest(), purpose))
        .orElse(() -> {});
  }

  /** For the manifest of what is made of it. */
  String identity() {
    return stored.map(s -> s.identity().toString()).orElse(file.toAbsolutePath().toString());
  }
}
