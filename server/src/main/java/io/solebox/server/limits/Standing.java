package io.solebox.server.limits;

import java.time.Duration;
import java.util.Optional;

/**
 * What an account has left.
 *
 * @param tokens of the limit that has the fewest left, where there are several
 */
public record Standing(Optional<Rate> requests, Optional<Rate> tokens) {
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
