package io.solebox.backend.cpu;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The phase that is open and how many of its units nobody has drawn yet, in one word; threads draw
 * from it, and wait for the next phase. A thread that comes late, by phases or by walks, cannot
 * draw from a phase that it did not see: each has a number of its own, so the word is never the
 * same again. Waiting spins for some microseconds, which is what a phase of a step leaves to wait
 * for, and then sleeps, so that an idle team costs nothing.
 */
final class Gate {
  private static final int SPINS = 500;

  /** Units to draw in the lowest bits, then two flags, then the number. */
  private static final int MOST_UNITS = (1 << 24) - 1;

  private static final long RESTING = 1L << 24;
  private static final long CLOSED = 1L << 25;
  private static final int NUMBER_SHIFT = 26;

  private final AtomicLong word = new AtomicLong(RESTING);
  private volatile int sleepers;

  /**
   * Draws one of the units, if there are any.
   *
   * @return the word before that: the unit is the caller's if {@link #left} is not 0
   */
  long draw() {
    long now = word.get();
    while (left(now) > 0 && !word.compareAndSet(now, now - 1)) {
      now = word.get();
    }
    return now;
  }

  /** Units that were not drawn yet. */
  static int left(long word) {
    return (int) (word & MOST_UNITS);
  }

  /** Whether no walk was in progress. */
  static boolean resting(long word) {
    return (word & RESTING) != 0;
  }

  static boolean closed(long word) {
    return (word & CLOSED) != 0;
  }

  boolean closed() {
    return closed(word.get());
  }

  /**
   * Opens the next phase. Only one thread may do this at a time, as with {@link #rest} and {@link
   * #close}, and only while there is nothing to draw.
   */
  void open(int units) {
    if (units < 1 || units > MOST_UNITS) {
      throw new IllegalArgumentException("a phase of " + units + " units");
    }
    set(units);
  }

  /** The walk is over. */
  void rest() {
    set(RESTING);
  }

  /** There will be none any more. */
  void close() {
    set(CLOSED);
  }

  private void set(long next) {
    word.set(((word.get() >>> NUMBER_SHIFT) + 1) << NUMBER_SHIFT | next);
    // A waiter counts itself before it looks at the word a last time, so one of the two sees the
    // other.
    if (sleepers > 0) {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  /** Waits while the word is {@code seen}, one with nothing left to draw. */
  void await(long seen) {
    for (int i = 0; i < SPINS; i++) {
      if (word.get() != seen) {
        return;
      }
      Thread.onSpinWait();
    }
    sleep(seen);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate")
  private synchronized void sleep(long seen) {
    boolean interrupted = false;
    sleepers++;
    while (word.get() == seen) {
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
