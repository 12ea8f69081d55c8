package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.Sleeper;
import java.time.Duration;

/**
 * A bucket into which bytes fall at a steady rate, and out of which all transfers take them
 * together. It holds a tenth of a second. Safe for many threads.
 */
public final class RateLimit {
  private static final long NANOS = 1_000_000_000;

  private final long bytesPerSecond;
  private final Sleeper sleeper;
  private long freeAtNanos = System.nanoTime();

  private RateLimit(long bytesPerSecond, Sleeper sleeper) {
    this.bytesPerSecond = bytesPerSecond;
    this.sleeper = sleeper;
  }

  /** As fast as it goes. */
  public static RateLimit none() {
    return new RateLimit(0, Sleeper.SYSTEM);
  }

  /**
   * @param bytesPerSecond at least 1
   */
  public static RateLimit of(long bytesPerSecond, Sleeper sleeper) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond);
    }
    return new RateLimit(bytesPerSecond, sleeper);
  }

  /** Takes bytes that have come, and waits until the rate allows for more. */
  void take(long bytes) throws InterruptedException {
    if (bytesPerSecond == 0) {
      return;
    }
    long wait = reserve(bytes, System.nanoTime());
    if (wait > 0) {
      sleeper.sleep(Duration.ofNanos(wait));
    }
  }

  /** For how long whoever takes these bytes must wait. */
  private synchronized long reserve(long bytes, long now) {
    long burst = NANOS / 10;
    freeAtNanos = freeAtNanos - now < -burst ? now - burst : freeAtNanos;
    freeAtNanos += Math.ceilDiv(Math.multiplyExact(bytes, NANOS), bytesPerSecond);
    return freeAtNanos - now;
  }
}
