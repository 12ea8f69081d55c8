package io.solebox.backend.cpu;

import java.util.function.IntConsumer;

/**
 * What a thread of a team does between two units: now and then it lets another process that waits
 * for its core have it. Else the system would suspend the thread at some time of its own choice,
 * which is within a unit, and all would wait for that.
 */
final class Breath implements IntConsumer {
  /** Less than the time slice of any usual system. */
  private static final long INTERVAL_NANOS = 1_000_000;

  private final long[] yieldedAt;

  Breath(int teamSize) {
    this.yieldedAt = new long[teamSize];
  }

  @Override
  public void accept(int worker) {
    if (System.nanoTime() - yieldedAt[worker] > INTERVAL_NANOS) {
      Thread.yield();
      yieldedAt[worker] = System.nanoTime();
    }
  }
}
