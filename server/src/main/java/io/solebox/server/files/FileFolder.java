package io.solebox.server.files;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.FileKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the contents of files lie, sealed, each by its id. Safe for many threads. */
final class FileFolder {
  private final Path folder;

  /** Of files that nobody knows any more, and that could not be deleted yet. */
  private final Set<Path> left = ConcurrentHashMap.newKeySet();

  /**
   * @param folder made where it is missing
   */
  FileFolder(Path folder) {
    this.folder = folder;
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  Path folder() {
    return folder;
  }

  /** Where the content of a file lies. */
  Path path(String id) {
    return folder.resolve(id + FileKey.SUFFIX);
  }

  /**
   * Deletes what an earlier process left, half written or not deleted yet.
   *
   * @param known ids of files, asked for when the folder was looked at, so that what another server
   *     adds is no stranger
   */
  void sweep(Supplier<List<String>> known) {
    List<Path> there;
    try (Stream<Path> files = Files.list(folder)) {
      there = files.toList();
    } catch (IOException e) {
      throw failure(folder, e);
    }
    Set<Path> kept = known.get().stream().map(this::path).collect(Collectors.toSet());
    for (Path file : there) {
      String name = file.getFileName().toString();
      boolean ours = name.startsWith("file-") || name.endsWith(".part");
      if (ours && !kept.contains(file)) {
        discard(file);
      }
    }
  }

  /** Gives a file that is written its place. */
  void take(String id, Path written) {
    try {
      Files.move(written, path(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw failure(written, e);
    }
  }

  /**
   * Deletes the content of a file that nobody knows any more.
   *
   * @throws SoleboxException {@code IO_ERROR}, and {@link #removeLeft} tries it again
   */
  void remove(String id) {
    remove(path(id));
  }

  private void remove(Path file) {
    left.add(file);
    try {
      Files.deleteIfExists(file);
      left.remove(file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "Nobody can fetch the file any more, but what was in it cannot be deleted: "
              + e.getMessage()
              + ".",
          "See that the folder can be written; the server tries it again each hour, and when it"
              + " starts.",
          e);
    }
  }

  /**
   * Deletes what could not be deleted before.
   *
   * @return how many
   */
  int removeLeft(Consumer<SoleboxException> troubles) {
    int gone = 0;
    for (Path file : List.copyOf(left)) {
      try {
        remove(file);
        gone++;
      } catch (SoleboxException e) {
        troubles.accept(e);
      }
    }
    return gone;
  }

  /** Deletes what nobody knows of. */
  static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The next start sweeps it.
    }
  }

  private static SoleboxException failure(Path place, IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        place.toString(),
        "A file cannot be kept: " + cause.getMessage() + ".",
        "See that there is space and that the folder can be written.",
        cause);
  }
}
