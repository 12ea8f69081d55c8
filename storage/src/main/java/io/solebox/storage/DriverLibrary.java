package io.solebox.storage;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Where SQLite's driver unpacks its library: in the folder of the state, since /tmp may forbid to
 * run what lies there. The driver deletes it when its process ends by itself, which a server that
 * is killed or that a signal ends does not.
 */
public final class DriverLibrary {
  private static final String LIBRARIES = "sqlite-*sqlitejdbc*";

  /** Within it a library that was unpacked is loaded, and then it needs its name no more. */
  private static final Duration LOADED = Duration.ofMinutes(10);

  private DriverLibrary() {}

  /** To be called before the first connection of the process. */
  public static void unpackInto(Path folder) throws IOException {
    sweep(folder, Instant.now().minus(LOADED));
    System.setProperty("org.sqlite.tmpdir", folder.toString());
  }

  /** Deletes what ended processes have left. */
  static void sweep(Path folder, Instant before) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, LIBRARIES)) {
      for (Path file : left) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
