package io.solebox.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a server keeps what it is to keep. */
final class StateFolder {
  private StateFolder() {}

  /** A new one, among what the build throws away. */
  static Path make() {
    try {
      return Files.createTempDirectory(Path.of("target"), "state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
