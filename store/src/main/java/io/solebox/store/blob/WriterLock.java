package io.solebox.store.blob;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets one at a time change the store, among all threads and processes. Who reads needs no lock:
 * every change is atomic. Held for moments: nothing is copied, hashed or fetched under it.
 */
public final class WriterLock {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long ASK_AGAIN_NANOS = 5_000_000;

  private final Path store;
  private final Disk disk;
  private final Path file;
  private final Path owner;
  private final ChangeMark mark;

  WriterLock(Path store, Disk disk) {
    this.store = store;
    this.disk = disk;
    this.file = store.resolve("lock");
    this.owner = store.resolve("lock.owner");
    this.mark = ChangeMark.of(store);
  }

  /** What is done under the lock. */
  @FunctionalInterface
  public interface Change<T> {
    T make() throws IOException;
  }

  /**
   * Makes a change when nobody else does. Not to be nested. A store that is not there is made.
   *
   * @param purpose for whoever waits meanwhile, as in {@code removes llama3.2}
   * @throws SoleboxException {@code IN_USE} where another keeps the lock for half a minute; {@code
   *     BAD_STORE} where another version made the store
   */
  public <T> T change(String purpose, Change<T> change) throws IOException {
    disk.createFolders(store);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<LockedFile> lock = LockedFile.tryLock(file);
    while (lock.isEmpty()) {
      if (System.nanoTime() - deadline > 0) {
        throw inUse();
      }
      LockSupport.parkNanos(ASK_AGAIN_NANOS);
      lock = LockedFile.tryLock(file);
    }
    try (LockedFile _ = lock.get()) {
      StoreFormat.ensure(store, disk);
      Files.deleteIfExists(owner); // some file systems wait for the disk where a file is replaced
      Files.writeString(owner, Owner.describe(purpose));
      mark.begin();
      try {
        return change.make();
      } finally {
        mark.end();
      }
    }
  }

  private SoleboxException inUse() {
    return new SoleboxException(
        ErrorCode.IN_USE,
        store.toString(),
        "somebody else has been changing this store for half a minute: " + Owner.read(owner),
        "Wait until it is done, or end that process.");
  }

  /** Who holds a lock, as a line beside it: whoever reads a locked file would end the lock. */
  static final class Owner {
    private Owner() {}

    static String describe(String purpose) {
      Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      return "process %d, which %s, since %s"
          .formatted(ProcessHandle.current().pid(), purpose, now);
    }

    static String read(Path file) {
      try {
        return Files.readString(file).strip();
      } catch (IOException e) {
        return "a process that has not said who it is";
      }
    }
  }
}
