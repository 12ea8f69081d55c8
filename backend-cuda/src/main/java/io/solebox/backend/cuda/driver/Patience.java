package io.solebox.backend.cuda.driver;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How a thread waits for what another thread or the device will have done soon: it sleeps while
 * most of the time is left that the same took before, and then looks again and again for a while.
 * Waking a thread costs tens of microseconds, which is much beside a step of a small model; looking
 * all the time would cost a core.
 *
 * @param spin for how long it looks before and after the expected time; zero for never
 */
public record Patience(Duration spin) {
  /** Covers what waking a thread takes, and the difference between one step and the next. */
  public static final Patience DEFAULT = new Patience(Duration.ofNanos(200_000));

  /** Sleeps at once, as long as it takes. */
  public static final Patience NONE = new Patience(Duration.ZERO);

  /**
   * Comes back when {@code done} holds, or when it is time to sleep instead.
   *
   * @param expectedNanos that the same took before; 0 when nothing is known
   */
  void await(BooleanSupplier done, long expectedNanos) {
    if (spin.isZero()) {
      return;
    }
    long start = System.nanoTime();
    long left = expectedNanos - spin.toNanos();
    while (left > 0 && !done.getAsBoolean()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return; // it would not sleep any more
      }
      left = expectedNanos - spin.toNanos() - (System.nanoTime() - start);
    }
    long end = Math.max(0, expectedNanos) + spin.toNanos();
    while (!done.getAsBoolean() && System.nanoTime() - start < end) {
      Thread.onSpinWait();
    }
  }
}
