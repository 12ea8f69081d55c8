package io.solebox.hardware.board.line;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An advisory lock of an open device, for the time of one exchange: whoever speaks with a board by
 * this program waits for it.
 */
final class DeviceLock {
  private static final long PAUSE_NANOS = 2_000_000;

  private DeviceLock() {}

  /**
   * @throws LineTrouble if another has it all the time
   */
  static void take(int file, Path device, Duration patience) throws LineTrouble {
    long end = System.nanoTime() + patience.toNanos();
    int result = Posix.flock(file, Posix.LOCK_EX | Posix.LOCK_NB);
    while (result == -Errno.EAGAIN || result == -Errno.EINTR) {
      if (System.nanoTime() - end >= 0) {
        throw new LineTrouble(
            "another program keeps %s for itself; see who it is with 'fuser %s'"
                .formatted(device, device));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      result = Posix.flock(file, Posix.LOCK_EX | Posix.LOCK_NB);
    }
    if (result < 0) {
      throw Errno.failing(device, "locking", result);
    }
  }

  static void free(int file) {
    Posix.flock(file, Posix.LOCK_UN);
  }
}
