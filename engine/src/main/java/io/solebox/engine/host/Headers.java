package io.solebox.engine.host;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Heads of model files, each read once until its file changes. Safe for many threads. */
final class Headers {
  private final Map<Path, Known> known = new ConcurrentHashMap<>();

  /** By which a file is told from what it was. */
  private record Stamp(FileTime modified, long bytes) {}

  private record Known(Optional<Stamp> stamp, Optional<ModelHeader> header) {}

  /** Empty where it cannot be read: who loads the model hears why. */
  Optional<ModelHeader> of(Path file) {
    Optional<Stamp> now = stamp(file);
    return known
        .compute(
            file,
            (_, before) ->
                before != null && before.stamp().equals(now)
                    ? before
                    : new Known(now, now.flatMap(_ -> read(file))))
        .header();
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Stamp(found.lastModifiedTime(), found.size()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<ModelHeader> read(Path file) {
    try {
      return Optional.of(ModelHeader.read(file));
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }
}
