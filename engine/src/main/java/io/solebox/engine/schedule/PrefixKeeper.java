package io.solebox.engine.schedule;

import io.solebox.engine.cache.SequencePools;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * When the prefixes of a loop are written to where they outlive the process: at its end, and when
 * nothing was computed for a while, so that they outlive one that ends without a warning. Owned by
 * the loop.
 */
final class PrefixKeeper {
  /** For writing at the end: whoever stops a server waits no longer. */
  private static final long LAST_NANOS = 10_000_000_000L;

  private final SequencePools pools;
  private boolean hasNew;

  PrefixKeeper(SequencePools pools) {
    this.pools = pools;
  }

  /** There is more to be written than there was. */
  void computed() {
    hasNew = true;
  }

  /** How long nothing is to happen before they are written; empty where nothing need be. */
  Optional<Duration> patience() {
    return pools.saveAfter().filter(_ -> hasNew);
  }

  /**
   * Writes them while nobody waits; goes on the next time with what is not written then.
   *
   * @param isQuiet asked before each file
   */
  void saveWhile(BooleanSupplier isQuiet) {
    hasNew = false;
    pools.save(isQuiet);
    hasNew = !isQuiet.getAsBoolean();
  }

  /** Writes what there is time for. */
  void saveLast() {
    long begin = System.nanoTime();
    pools.save(() -> System.nanoTime() - begin < LAST_NANOS);
  }
}
