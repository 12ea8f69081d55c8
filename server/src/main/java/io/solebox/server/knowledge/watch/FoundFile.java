package io.solebox.server.knowledge.watch;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file as it lies in a folder.
 *
 * @param modified milliseconds since 1970
 */
record FoundFile(Path path, long modified, long bytes) {
  /** So many of one folder are documents. */
  private static final int MOST = 20_000;

  /** What changed so lately may still be written. */
  private static final Duration QUIET = Duration.ofSeconds(2);

  /**
   * All files of a folder and those below it, by their names in it with slashes; none that is
   * hidden, in a hidden folder, or a link.
   *
   * @throws SoleboxException {@code IO_ERROR} if it cannot be looked through
   */
  static Map<String, FoundFile> in(Path folder) {
    Map<String, FoundFile> found = new TreeMap<>();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes of) {
              return !path.equals(folder) && isHidden(path)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes of) {
              if (of.isRegularFile() && !isHidden(path) && of.size() > 0) {
                String name = folder.relativize(path).toString();
                found.put(name, new FoundFile(path, of.lastModifiedTime().toMillis(), of.size()));
              }
              return found.size() > MOST ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw wrong(folder, "cannot be looked through: " + e.getMessage() + ".");
    }
    if (found.size() > MOST) {
      throw wrong(folder, "has more than %,d files.".formatted(MOST));
    }
    return found;
  }

  private static SoleboxException wrong(Path folder, String what) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        folder.toString(),
        "The folder of documents " + what,
        "See that it is there and can be read, or have several smaller ones watched.");
  }

  private static boolean isHidden(Path path) {
    return path.getFileName().toString().startsWith(".");
  }

  /** Whether nobody seems to be writing it. */
  boolean isQuiet(Instant now) {
    return modified < now.minus(QUIET).toEpochMilli();
  }
}
