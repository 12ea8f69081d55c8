package io.solebox.app.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** How fast steps are, and when they were over. Written by the engine loop, read when it rests. */
final class StepClock {
  private long[] nanos = new long[1024]; // guarded by this
  private int count; // guarded by this
  private volatile long stepNanos;

  /** From now on a step takes so long, as that of a model does; zero is no time at all. */
  void pace(Duration step) {
    stepNanos = step.toNanos();
  }

  /** Forgets what was noted. */
  synchronized void clear() {
    count = 0;
  }

  /** A step ends; each of its rows is a token. */
  void step(int rows) {
    if (stepNanos > 0) {
      LockSupport.parkNanos(stepNanos);
    }
    note(System.nanoTime(), rows);
  }

  private synchronized void note(long now, int rows) {
    if (stepNanos > 0) {
      if (count + rows > nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * nanos.length + rows);
      }
      Arrays.fill(nanos, count, count + rows, now);
      count += rows;
    }
  }

  /** Of all tokens since they were forgotten, in their order. */
  synchronized long[] tokenNanos() {
    return Arrays.copyOf(nanos, count);
  }
}
