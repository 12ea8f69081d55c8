package io.solebox.app.quality;

import io.solebox.app.session.ModelLocator.Located;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What the store remembers of a model that was quantized: which one it was made of. */
final class QuantizedFrom {
  private static final String BY = "quantize ";

  private QuantizedFrom() {}

  /**
   * The file of that model, if it is still there as it was.
   *
   * @param model of the store, or another, of which nothing is known
   */
  static Optional<Path> find(Located model) {
    return ModelStore.holding(model.file())
        .flatMap(store -> manifest(store, model).flatMap(made -> source(store, made)));
  }

  private static Optional<Manifest> manifest(ModelStore store, Located model) {
    return ModelName.find(model.name())
        .flatMap(store::current)
        .map(Generation::manifest)
        .filter(m -> m.annotations().getOrDefault(Annotations.MADE_BY, "").startsWith(BY));
  }

  private static Optional<Path> source(ModelStore store, Manifest made) {
    Optional<MadeFrom> from = MadeFrom.of(made);
    return from.isPresent()
        ? store.generations(from.get().name()).stream()
            .map(Generation::manifest)
            .filter(whole -> whole.digest().equals(from.get().manifest()))
            .findFirst()
            .map(whole -> store.file(from.get().name(), whole))
        : path(made.annotations().getOrDefault(Annotations.MADE_FROM, ""));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text)).filter(p -> p.isAbsolute() && Files.exists(p));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
