package io.solebox.server.limits;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an account has left.
 *
 * @param requests of the limit that has the fewest left, where there are several
 * @param tokens of the limit that has the fewest left, where there are several
 */
public record Standing(Optional<Rate> requests, Optional<Rate> tokens) {
  /** The same with another that counts as well. */
  Standing least(Standing other) {
    return new Standing(
        least(Stream.concat(requests.stream(), other.requests.stream())),
        least(Stream.concat(tokens.stream(), other.tokens.stream())));
  }

  static Optional<Rate> least(Stream<Rate> rates) {
    return rates.min(Comparator.comparingLong(Rate::left));
  }

  /**
   * One limit.
   *
   * @param untilFull how long until all of it is there again, if nothing more is used
   */
  public record Rate(long limit, long left, Duration untilFull) {
    static Rate of(TokenBucket bucket) {
      return new Rate(bucket.capacity(), bucket.left(), bucket.untilFull());
    }
  }
}
