package io.solebox.backend.cpu;

/**
 * A value that threads wait for to change. Waiting spins for some microseconds, which is what a
 * phase of a step leaves to wait for, and then sleeps, so that an idle team costs nothing.
 */
final class Gate<T> {
  private static final int SPINS = 500;

  private volatile T value;
  private volatile int sleepers;

  Gate(T value) {
    this.value = value;
  }

  T value() {
    return value;
  }

  /** Changes the value and wakes all who wait. Only one thread may do this at a time. */
  void set(T next) {
    value = next;
    // A waiter counts itself before it looks at the value a last time, so one of the two sees the
    // other.
    if (sleepers > 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** The value, as soon as it is no longer {@code seen}. */
  T await(T seen) {
    for (int i = 0; i < SPINS; i++) {
      T now = value;
      if (now != seen) {
        return now;
      }
      Thread.onSpinWait();
    }
    return sleep(seen);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private synchronized T sleep(T seen) {
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
    return value;
  }
}
