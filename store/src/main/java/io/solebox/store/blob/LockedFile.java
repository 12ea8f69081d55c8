package io.solebox.store.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that one owner among all processes has locked. The lock ends with this object or with the
 * process, however that ends.
 */
public final class LockedFile implements AutoCloseable {
  /**
   * What this process has locked. The system counts locks by process, and drops them as soon as the
   * process closes *any* descriptor of the file: so a second one must not even open it, whichever
   * store in this process it is of.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path key;
  private final FileChannel channel;

  private LockedFile(Path key, FileChannel channel) {
    this.key = key;
    this.channel = channel;
  }

  /**
   * @param file made where it is missing; its folder is there. Nobody may read it, since that would
   *     end the lock
   * @return empty where somebody else has it
   */
  public static Optional<LockedFile> tryLock(Path file) throws IOException {
    Path key = file.toAbsolutePath().getParent().toRealPath().resolve(file.getFileName());
    if (!HELD.add(key)) {
      return Optional.empty();
    }
    Optional<LockedFile> locked = Optional.empty();
    try {
      FileChannel channel =
          FileChannel.open(key, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        locked = Optional.ofNullable(channel.tryLock()).map(_ -> new LockedFile(key, channel));
      } finally {
        if (locked.isEmpty()) {
          channel.close();
        }
      }
      return locked;
    } finally {
      if (locked.isEmpty()) {
        HELD.remove(key);
      }
    }
  }

  /** Whether somebody has it locked, in this process or another. */
  public static boolean isLocked(Path file) throws IOException {
    Optional<LockedFile> mine = tryLock(file);
    if (mine.isPresent()) {
      mine.get().close();
    }
    return mine.isEmpty();
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      HELD.remove(key);
    }
  }
}
