package io.solebox.engine.host;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelHeader;
import java.nio.file.Path;
import java.util.Optional;

/** Heads of model files, each read once until its file changes. Safe for many threads. */
final class Headers {
  private final FileMemo<Path, ModelHeader> known = new FileMemo<>();

  /** Empty where it cannot be read: who loads the model hears why. */
  Optional<ModelHeader> of(Path file) {
    return known.of(file, file, () -> read(file));
  }

  private static Optional<ModelHeader> read(Path file) {
    try {
      return Optional.of(ModelHeader.read(file));
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }
}
