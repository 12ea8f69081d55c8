package io.solebox.engine.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What was found out from model files, each looked at once until it changes. Safe for many threads.
 *
 * @param <K> what was asked; a name always with the same file
 */
final class FileMemo<K, T> {
  private final Map<K, Known<T>> known = new ConcurrentHashMap<>();

  /** By which a file is told from what it was. */
  private record Stamp(FileTime modified, long bytes) {}

  private record Known<T>(Optional<Stamp> stamp, Optional<T> found) {}

  /**
   * @param look empty where nothing can be found out, which is remembered too
   */
  Optional<T> of(K key, Path file, Supplier<Optional<T>> look) {
    Optional<Stamp> now = stamp(file);
    return known
        .compute(
            key,
            (_, before) ->
                before != null && before.stamp().equals(now)
                    ? before
                    : new Known<>(now, now.flatMap(_ -> look.get())))
        .found();
  }

  private static Optional<Stamp> stamp(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(new Stamp(found.lastModifiedTime(), found.size()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
