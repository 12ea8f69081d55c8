package io.solebox.server.usage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.JournalFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Charges on their way to the table, a line each. A line is handed to the system, and not forced to
 * the disk: it is there whatever becomes of this process, and a power failure can lose the last
 * second. Each server has a journal of its own, locked as long as it lives. Owned by one thread at
 * a time, which may be interrupted: a channel would close then, for everybody who comes later.
 */
final class UsageJournal implements AutoCloseable {
  /** When all of it is in the table and it is longer, it begins anew. */
  private static final long LONG_BYTES = 1 << 20;

  private final Path file;
  private final RandomAccessFile journal;
  private boolean torn;

  private UsageJournal(Path file, RandomAccessFile journal) {
    this.file = file;
    this.journal = journal;
  }

  /**
   * Makes one for this server.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  static UsageJournal make(Path folder) {
    Path file = JournalFiles.fresh(folder);
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      RandomAccessFile journal = new RandomAccessFile(file.toFile(), "rw");
      journal.getChannel().lock();
      return new UsageJournal(file, journal);
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
    RandomAccessFile journal = new RandomAccessFile(file.toFile(), "rw");
    Optional<FileLock> lock = Optional.empty();
    try {
      lock = Optional.ofNullable(journal.getChannel().tryLock());
    } catch (OverlappingFileLockException e) {
      // another server of this process
    } finally {
      if (lock.isEmpty()) {
        journal.close();
      }
    }
    return lock.map(_ -> new UsageJournal(file, journal));
  }

  /** By which the table knows it. */
  String name() {
    return JournalFiles.key(file);
  }

  void append(JournalLine line) throws IOException {
    journal.seek(journal.length());
    if (torn) {
      journal.write('\n'); // what there was no room for ends here
      torn = false;
    }
    ByteBuffer bytes = line.bytes();
    try {
      journal.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    } catch (IOException e) {
      torn = true;
      throw e;
    }
  }

  /** All whole lines. */
  List<JournalLine> lines() throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.lines().map(JournalLine::read).flatMap(Optional::stream).toList();
  }

  /** All of it is in the table. */
  void settled() throws IOException {
    if (journal.length() > LONG_BYTES) {
      journal.setLength(0);
      torn = false;
    }
  }

  /** Removes it, when all of it is in the table. */
  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void close() throws IOException {
    journal.close(); // and the lock with it
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
