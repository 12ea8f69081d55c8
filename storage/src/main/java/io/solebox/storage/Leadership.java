package io.solebox.storage;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Of several servers with the same folder, the one that does what must be done once: the first,
 * until it ends, however it ends. Safe for many threads.
 */
public final class Leadership implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private Optional<FileLock> lock = Optional.empty(); // guarded by this

  /**
   * @param file made where it is missing
   */
  public Leadership(Path file) {
    this.file = file;
    try {
      this.channel =
          FileChannel.open(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Whether it is this one; asks anew as long as it is not. */
  public synchronized boolean isOurs() {
    if (lock.isEmpty() && channel.isOpen()) {
      try {
        lock = Optional.ofNullable(channel.tryLock());
      } catch (OverlappingFileLockException e) {
        return false; // another server of this process
      } catch (IOException e) {
        throw failure(e);
      }
    }
    return lock.isPresent();
  }

  private SoleboxException failure(IOException cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "The file cannot be locked: " + cause.getMessage() + ".",
        "See that the folder can be written, or name another with --state.",
        cause);
  }

  @Override
  public synchronized void close() {
    try {
      channel.close(); // and the lock with it
      lock = Optional.empty();
    } catch (IOException e) {
      throw failure(e);
    }
  }
}
