package io.solebox.server.usage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.JournalFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Charges on their way to the table, a line each. A line is handed to the system, and not forced to
 * the disk: it is there whatever becomes of this process, and a power failure can lose the last
 * second. Each server has a journal of its own, locked as long as it lives. Owned by one thread at
 * a time.
 */
final class UsageJournal implements AutoCloseable {
  /** When all of it is in the table and it is longer, it begins anew. */
  private static final long LONG_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private boolean torn;

  private UsageJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Makes one for this server.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  static UsageJournal make(Path folder) {
    Path file = JournalFiles.fresh(folder);
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              Set.of(
                  StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      channel.lock();
      return new UsageJournal(file, channel);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  /**
   * Those that servers have left which are no more.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  static List<UsageJournal> leftIn(Path folder) {
    List<UsageJournal> left = new ArrayList<>();
    try {
      for (Path file : JournalFiles.in(folder)) {
        locked(file).ifPresent(left::add);
      }
      return left;
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static Optional<UsageJournal> locked(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Optional<FileLock> lock = Optional.empty();
    try {
      lock = Optional.ofNullable(channel.tryLock());
    } catch (OverlappingFileLockException e) {
      // another server of this process
    } finally {
      if (lock.isEmpty()) {
        channel.close();
      }
    }
    return lock.map(_ -> new UsageJournal(file, channel));
  }

  /** By which the table knows it. */
  String name() {
    return JournalFiles.key(file);
  }

  void append(JournalLine line) throws IOException {
    channel.position(channel.size());
    if (torn) {
      write(ByteBuffer.wrap(new byte[] {'\n'})); // what there was no room for ends here
      torn = false;
    }
    ByteBuffer bytes = line.bytes();
    try {
      write(bytes);
    } catch (IOException e) {
      torn = true;
      throw e;
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** All whole lines. */
  List<JournalLine> lines() throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.lines().map(JournalLine::read).flatMap(Optional::stream).toList();
  }

  /** All of it is in the table. */
  void settled() throws IOException {
    if (channel.size() > LONG_BYTES) {
      channel.truncate(0);
      torn = false;
    }
  }

  /** Removes it, when all of it is in the table. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    channel.close(); // and the lock with it
  }

  static SoleboxException failure(Path file, IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "What is charged for requests cannot be read or written: " + cause.getMessage() + ".",
        "See that the folder can be written and has room, or name another with --state.",
        cause);
  }
}
