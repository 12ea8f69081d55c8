package io.solebox.store.pull.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a source is waited for. All of it is monotonic time, so that neither a clock that is set
 * nor a machine that slept makes a transfer fail.
 *
 * @param stall without a byte, after which a connection is given up
 * @param first wait after a failure; each further one doubles it
 * @param tries in a row that may fail without a byte
 * @param sleeper what waits
 */
public record Patience(Duration stall, Duration first, int tries, Sleeper sleeper) {
  /** Of the hub's own client: 1, 2, 4, 8 s, 5 tries (huggingface_hub: utils/_http.py). */
  public static final Patience USUAL =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(1), 5, Sleeper.SYSTEM);

  /** What no answer may ask for: windows of rate limits are shorter. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /**
   * Waits before the next try: as long as was asked for, else longer with each failure; by up to a
   * quarter more, so that many who failed together do not come back together.
   *
   * @param failures so far, from 1
   */
  public void pause(int failures, Optional<Duration> asked) throws InterruptedException {
    Duration wait = asked.orElseGet(() -> first.multipliedBy(1L << Math.min(failures - 1, 10)));
    Duration bounded = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    double jitter = 1 + ThreadLocalRandom.current().nextDouble() / 4;
    sleeper.sleep(Duration.ofNanos((long) (bounded.toNanos() * jitter)));
  }
}
