package io.solebox.store.blob;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Another text in {@code changes} after each change of a store, and none during it, so that who
 * keeps something in mind of a store sees with one look whether it still holds. Written under the
 * writer's lock; where its owner ended meanwhile there is none, until the next change.
 */
record ChangeMark(Path file) {
  static ChangeMark of(Path store) {
    return new ChangeMark(store.resolve("changes"));
  }

  void begin() throws IOException {
    Files.deleteIfExists(file);
  }

  void end() throws IOException {
    Files.writeString(file, UUID.randomUUID().toString());
  }

  /** Empty while something changes, and where nothing ever did. */
  Optional<String> read() throws IOException {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
