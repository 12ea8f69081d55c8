package io.solebox.backend.cpu;

/**
 * A counter that threads wait on until it moves. Waiting spins for some microseconds, which is what
 * a barrier within a step takes, and then sleeps, so that an idle team costs nothing.
 */
final class Gate {
  private static final int SPINS = 2000;

  private volatile int value;
  private volatile int sleepers;

  int value() {
    return value;
  }

  /** Moves the counter and wakes all who wait. Only one thread may do this at a time. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void advance() {
    value++;
    // A waiter counts itself before it looks at the value a last time, so one of the two sees the
    // other.
    if (sleepers > 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Returns when the counter is no longer {@code seen}. */
  void await(int seen) {
    for (int i = 0; i < SPINS; i++) {
      if (value != seen) {
        return;
      }
      Thread.onSpinWait();
    }
    sleep(seen);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private synchronized void sleep(int seen) {
    boolean interrupted = false;
    sleepers++;
    while (value == seen) {
      try {
        wait();
      } catch (InterruptedException _) {
        // A step is never left half done; the caller sees the interrupt when it is over.
        interrupted = true;
      }
    }
    sleepers--;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
