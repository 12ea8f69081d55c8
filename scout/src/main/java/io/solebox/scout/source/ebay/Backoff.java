package io.solebox.scout.source.ebay;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to stay away: as long as was asked for, else twice as long after each failure in a row,
 * and always up to a quarter longer, so that those who failed together do not return together. Safe
 * for many threads.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int DOUBLINGS = 7;

  private final RandomGenerator random;
  private int failures;

  Backoff(RandomGenerator random) {
    this.random = random;
  }

  synchronized Duration failed(Optional<Duration> asked) {
    Duration doubled = FIRST.multipliedBy(1L << Math.min(failures++, DOUBLINGS));
    Duration wait = asked.orElse(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled);
    return wait.plus(Duration.ofMillis((long) (wait.toMillis() * random.nextDouble() / 4)));
  }

  /** The same as what became of a call. */
  Answer.Later later(Optional<Duration> asked, String reason) {
    return new Answer.Later(failed(asked), reason);
  }

  synchronized void worked() {
    failures = 0;
  }
}
