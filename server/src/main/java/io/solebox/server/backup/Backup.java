package io.solebox.server.backup;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.seal.KeyRing;
import io.solebox.server.storage.StateCopy;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes what a server keeps into one file, while it runs or not: the database as it was at one
 * moment, the files that it knew then, and what was on its way to it. Keys are in no backup: they
 * go to a file of their own, so that whoever deletes somebody's key has not to look for copies.
 */
public final class Backup {
  /** The first entry, with which a backup is known. */
  static final String MARK = "solebox-state-backup";

  /** 2 since what is on its way to the database is in it, too. */
  static final String VERSION = "2";

  static final String DATABASE = StateSnapshot.DATABASE;
  static final String FILES = "files/";

  private static final FileAttribute<Set<PosixFilePermission>> OWNERS_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private Backup() {}

  /**
   * What was written.
   *
   * @param files of those that were sent or made
   * @param missing files that the database knows and nobody finds
   */
  public record Report(long bytes, int files, List<String> missing) {}

  /**
   * @param state the database of a server
   * @param target must not be there
   * @param keys where the keys go, in place of what was there; empty for nowhere
   * @throws SoleboxException {@code IO_ERROR}, and then no backup is there
   */
  public static Report write(Path state, Path target, Optional<Path> keys, Progress progress) {
    Path absolute = target.toAbsolutePath();
    if (Files.exists(absolute)) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          absolute.toString(),
          "It is there already, and a backup replaces nothing.",
          "Choose another name.");
    }
    Path part = absolute.resolveSibling(absolute.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      progress.report("copying the database", 0);
      Path work = Files.createTempDirectory(absolute.getParent(), "backup", OWNERS_FOLDER);
      Report report;
      try {
        report = write(state, work, part, keys, progress);
      } finally {
        discardAll(work);
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
      return report;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          absolute.toString(),
          "The backup cannot be written: " + e.getMessage() + ".",
          "See that there is space, and that its folder can be written.",
          e);
    } finally {
      discard(part);
    }
  }

  /**
   * @param work an empty folder
   */
  private static Report write(
      Path state, Path work, Path part, Optional<Path> keys, Progress progress) throws IOException {
    StateSnapshot snapshot = StateSnapshot.take(state, work);
    try (StateCopy opened = StateCopy.open(snapshot.database())) {
      keys.ifPresent(file -> writeKeys(state, opened.keys(), file));
      opened.removeKeys();
    }
    return archive(snapshot, part, progress);
  }

  private static void writeKeys(Path state, Map<String, byte[]> owners, Path file) {
    KeyRing.of(state.toAbsolutePath().getParent(), owners)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "keys",
                    "The box has no key yet: nothing is sealed.",
                    "Leave --keys out."))
        .write(file);
  }

  private static Report archive(StateSnapshot snapshot, Path part, Progress progress)
      throws IOException {
    List<String> ids = snapshot.files();
    Files.createFile(
        part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    List<String> missing = new ArrayList<>();
    try (FileOutputStream file = new FileOutputStream(part.toFile());
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(file, 1 << 16))) {
      zip.setLevel(Deflater.NO_COMPRESSION); // what is sealed cannot be made smaller
      zip.putNextEntry(new ZipEntry(MARK));
      zip.write(VERSION.getBytes(StandardCharsets.US_ASCII));
      for (Path each : snapshot.whole()) {
        add(zip, each.getFileName().toString(), each);
      }
      for (int i = 0; i < ids.size(); i++) {
        progress.report("copying files", (double) i / ids.size());
        if (!addFile(zip, snapshot, ids.get(i))) {
          missing.add(ids.get(i));
        }
      }
      zip.finish();
      zip.flush();
      file.getFD().sync();
    }
    return new Report(Files.size(part), ids.size() - missing.size(), missing);
  }

  private static boolean addFile(ZipOutputStream zip, StateSnapshot snapshot, String id)
      throws IOException {
    Optional<Path> file = snapshot.file(id);
    if (file.isEmpty()) {
      return false;
    }
    try {
      add(zip, FILES + file.get().getFileName(), file.get());
      return true;
    } catch (NoSuchFileException e) {
      return false; // deleted meanwhile
    }
  }

  private static void add(ZipOutputStream zip, String name, Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      zip.putNextEntry(new ZipEntry(name));
      in.transferTo(zip);
      zip.closeEntry();
    }
  }

  private static void discardAll(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    files.forEach(Backup::discard);
    discard(folder);
  }

  private static void discard(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What is worth telling is told.
    }
  }
}
