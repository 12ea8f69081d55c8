package io.solebox.engine.schedule;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Whose a sequence is, as fairness sees it: a user, or a single request of nobody in particular.
 * What nobody signed shares nothing with the rest of it, so a client without a name does not wait
 * for all others without one.
 *
 * @param user empty for nobody in particular
 * @param request tells requests of nobody in particular apart; 0 of a user
 */
record Owner(String user, long request) {
  /** Names owners; safe for many threads. */
  static final class Names {
    private final AtomicLong last = new AtomicLong();

    /** The owner of one request, whatever sequences it needs. */
    Owner of(String user) {
      return new Owner(user, user.isEmpty() ? last.incrementAndGet() : 0);
    }
  }
}
