package io.solebox.scout.channel.discord;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What all webhooks of Discord that one machine uses share: the limit of all requests, and the
 * count of invalid ones, of which 10,000 in ten minutes lock its address out (<a
 * href="https://docs.discord.com/developers/topics/rate-limits">rate limits</a>). Used by one
 * thread at a time.
 */
public final class DiscordLimits {
  /** Far from what locks out, and far more than comes of a scout that obeys. */
  static final int MOST_INVALID = 500;

  private static final Duration WINDOW = Duration.ofMinutes(10);

  private final Deque<Instant> invalid = new ArrayDeque<>();
  private Instant closedUntil = Instant.EPOCH;

  /** How long nothing may be sent by any webhook; zero where something may. */
  Duration closed(Instant now) {
    while (!invalid.isEmpty() && !invalid.peekFirst().plus(WINDOW).isAfter(now)) {
      invalid.removeFirst();
    }
    Instant until = closedUntil;
    if (invalid.size() >= MOST_INVALID && invalid.peekFirst().plus(WINDOW).isAfter(until)) {
      until = invalid.peekFirst().plus(WINDOW);
    }
    Duration left = Duration.between(now, until);
    return left.isNegative() ? Duration.ZERO : left;
  }

  void closeFor(Duration pause, Instant now) {
    Instant until = now.plus(pause);
    if (until.isAfter(closedUntil)) {
      closedUntil = until;
    }
  }

  void countInvalid(Instant now) {
    invalid.addLast(now);
  }
}
