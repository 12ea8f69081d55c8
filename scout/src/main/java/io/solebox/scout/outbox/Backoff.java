package io.solebox.scout.outbox;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long a channel is left alone after a try that came to nothing. */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  /** Beyond it the pause is the longest in any case. */
  private static final int MOST_DOUBLINGS = 20;

  private final RandomGenerator random;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Twice as long with each try, and by up to a quarter longer by chance, so that many who failed
   * together do not come back together.
   *
   * @param tries in a row that came to nothing before this
   * @param asked for by the channel, which is never tried before; zero where it has not
   */
  Duration pause(int tries, Duration asked) {
    if (asked.isPositive()) {
      return asked.plusMillis(random.nextLong(1 + Math.min(asked.toMillis() / 4, 1000)));
    }
    Duration longer = FIRST.multipliedBy(1L << Math.min(tries, MOST_DOUBLINGS));
    Duration base = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
    return base.plusMillis(random.nextLong(1 + base.toMillis() / 4));
  }
}
