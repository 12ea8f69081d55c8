package io.solebox.server.limits;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What may be used of something in a time: it is full at first, and refilled evenly. More can be
 * taken than is in it; that is paid back before anything is left again. Owned by who guards it.
 */
final class TokenBucket {
  private final long capacity;
  private final long periodNanos;
  private final LongSupplier clock;
  private double level;
  private long seen;

  /**
   * @param capacity at least 1
   * @param period in which an empty one is full again
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   */
  TokenBucket(long capacity, Duration period, LongSupplier clock) {
    this.capacity = capacity;
    this.periodNanos = period.toNanos();
    this.clock = clock;
    this.level = capacity;
    this.seen = clock.getAsLong();
  }

  private double level() {
    long now = clock.getAsLong();
    double refilled = (double) (now - seen) * capacity / periodNanos;
    level = Math.min((double) capacity, level + refilled);
    seen = now;
    return level;
  }

  long capacity() {
    return capacity;
  }

  /** Takes so much, whether it is there or not. */
  void take(long amount) {
    level = level() - amount;
  }

  /** What is not there, or owed. */
  long missing() {
    return (long) Math.ceil(capacity - level());
  }

  /** What can be taken without owing anything; none while something is owed. */
  long left() {
    return Math.max(0, (long) Math.floor(level()));
  }

  /**
   * How long until so much is left.
   *
   * @param amount at most the capacity
   */
  Duration until(long amount) {
    double missing = amount - level();
    return missing <= 0
        ? Duration.ZERO
        : Duration.ofNanos((long) Math.ceil(missing * periodNanos / capacity));
  }

  /** How long until it is full. */
  Duration untilFull() {
    return until(capacity);
  }
}
