package io.solebox.server.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files beside a database that hold what is on its way there, one of each server; the table
 * {@code usage_written} says how far each has come.
 */
public final class JournalFiles {
  private static final Pattern NAME = Pattern.compile("usage-([0-9a-z-]+)\\.journal");

  private JournalFiles() {}

  /** Where a new one lies. */
  public static Path fresh(Path folder) {
    return folder.resolve("usage-" + UUID.randomUUID() + ".journal");
  }

  /** All that are in a folder, in the order of their names. */
  public static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> isOne(file.getFileName().toString())).sorted().toList();
    }
  }

  /** Whether a file is called as one is. */
  public static boolean isOne(String file) {
    return NAME.matcher(file).matches();
  }

  /** By which the table knows one. */
  public static String key(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      throw new IllegalArgumentException(file.toString());
    }
    return name.group(1);
  }
}
