package io.solebox.server.update;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where an update lies that somebody has sent, until root takes it from there: one at most. Its
 * name is given to a file that is whole and was checked. What was checked here is checked again by
 * whoever installs it.
 */
public final class UpdateFolder {
  /** In the data folder. */
  public static final String FOLDER = "updates";

  /** The update, in the folder. */
  public static final String FILE = "incoming.update";

  /** What stays free for everything else. */
  private static final long SPARE_BYTES = 256 << 20;

  private final Path folder;

  /**
   * @param dataFolder of Solebox, as in {@code /var/lib/solebox}
   */
  public UpdateFolder(Path dataFolder) {
    this.folder = dataFolder.resolve(FOLDER);
  }

  /** The update that lies there, or would. */
  public Path file() {
    return folder.resolve(FILE);
  }

  /** What is written. */
  interface Bytes {
    void to(WritableByteChannel channel) throws IOException, InterruptedException;
  }

  /** Looks at what was written, and throws where it is not to be kept. */
  interface Check<T> {
    T of(Path file);
  }

  /**
   * Takes one in, in place of the one that was there.
   *
   * @param length how long it is, so that a full disk is told before
   * @return what the check has said
   * @throws SoleboxException {@code DISK_FULL}, {@code IO_ERROR}, and what the check throws; the
   *     one that was there is gone then, too
   */
  <T> T take(long length, Bytes bytes, Check<T> check) throws InterruptedException {
    Path part = folder.resolve(FILE + ".part");
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.deleteIfExists(file());
      Files.deleteIfExists(part);
      requireRoom(length);
      try {
        try (FileChannel out =
            FileChannel.open(
                part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
          bytes.to(out);
          out.force(true);
        }
        T said = check.of(part);
        Files.move(part, file(), StandardCopyOption.ATOMIC_MOVE);
        return said;
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void requireRoom(long length) throws IOException {
    long room = Files.getFileStore(folder).getUsableSpace() - SPARE_BYTES;
    if (length > room) {
      throw new SoleboxException(
          ErrorCode.DISK_FULL,
          folder.toString(),
          "The update takes %d bytes, and there is room for %d."
              .formatted(length, Math.max(room, 0)),
          "Remove models that nobody needs, then send it again.");
    }
  }

  /** Whether there is one. */
  boolean holds() {
    return Files.isRegularFile(file());
  }

  /** Removes it; fine if there is none. */
  void clear() {
    try {
      Files.deleteIfExists(file());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SoleboxException failed(IOException e) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        folder.toString(),
        "The update cannot be kept: " + e.getMessage() + ".",
        "Look at the folder's permissions, and whether the disk is full.",
        e);
  }
}
