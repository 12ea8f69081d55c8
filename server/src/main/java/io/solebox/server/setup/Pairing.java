package io.solebox.server.setup;

import io.solebox.server.accounts.Secrets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The code that a machine's screen shows, and that proves who stands before it: good once, for a
 * while, and for a few tries of all the world together. Safe for many threads.
 */
final class Pairing {
  /** 50 bits: of them nobody tries a part that counts with {@value #MOST_WRONG} tries a code. */
  private static final int LETTERS = 10;

  static final Duration LIFE = Duration.ofMinutes(15);
  static final int MOST_WRONG = 20;

  private final Clock clock;
  private Code now; // guarded by this, as the next
  private int wrong;

  Pairing(Clock clock) {
    this.clock = clock;
    this.now = fresh();
  }

  /** A code, and until when it is good. */
  record Code(String code, Instant expires) {}

  private Code fresh() {
    wrong = 0;
    return new Code(Secrets.code(LETTERS), clock.instant().plus(LIFE));
  }

  /** The one that is good now; another than before where that one's time is over. */
  synchronized Code now() {
    if (!clock.instant().isBefore(now.expires())) {
      now = fresh();
    }
    return now;
  }

  /** Whether it is the code; from then on it is another, and so after too many wrong ones. */
  synchronized boolean take(String typed) {
    boolean right =
        MessageDigest.isEqual(
            now().code().getBytes(StandardCharsets.UTF_8),
            Secrets.typed(typed).getBytes(StandardCharsets.UTF_8));
    wrong += right ? 0 : 1;
    if (right || wrong >= MOST_WRONG) {
      now = fresh();
    }
    return right;
  }
}
