package io.solebox.server.seal;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the key of a box takes a passphrase. A server that runs goes on with what it has read.
 */
public final class BoxLock {
  private BoxLock() {}

  /**
   * @param folder of a server's state
   */
  public static boolean isLocked(Path folder) {
    return BoxSecret.isLocked(folder);
  }

  /**
   * Locks the key with a passphrase, which is made where there is none.
   *
   * @param now asked where it is locked already
   * @throws io.solebox.engine.error.SoleboxException {@code ACCESS_DENIED} if that is wrong, and
   *     then nothing has changed
   */
  public static void lock(Path folder, Passphrase.Source now, Passphrase next) {
    BoxSecret.findOrMake(folder, now).write(folder, Optional.of(next), Passphrase.Work.USUAL);
  }

  /** Unlocks it for good; whoever can read the file can read everything then. */
  public static void unlock(Path folder, Passphrase.Source now) {
    BoxSecret.findOrMake(folder, now).write(folder, Optional.empty(), Passphrase.Work.USUAL);
  }
}
