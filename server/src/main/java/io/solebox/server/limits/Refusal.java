package io.solebox.server.limits;

import java.time.Duration;

/**
 * Why nothing more may be used now.
 *
 * @param limit that is used up
 * @param most that it allows
 * @param retryIn until it is worth to come back
 */
public record Refusal(Kind limit, long most, Duration retryIn) {
  /** What is bounded. */
  public enum Kind {
    REQUESTS_PER_MINUTE("requests_per_minute", "requests a minute"),
    CONCURRENT_REQUESTS("concurrent_requests", "requests at the same time"),
    TOKENS_PER_MINUTE("tokens_per_minute", "tokens a minute"),
    TOKENS_PER_DAY("tokens_per_day", "tokens a day");

    private final String wireName;
    private final String words;

    Kind(String wireName, String words) {
      this.wireName = wireName;
      this.words = words;
    }

    /** A stable name. */
    public String wireName() {
      return wireName;
    }

    /** As it stands behind a number, for people. */
    public String words() {
      return words;
    }

    /** Whether it bounds tokens, and not requests. */
    public boolean ofTokens() {
      return switch (this) {
        case REQUESTS_PER_MINUTE, CONCURRENT_REQUESTS -> false;
        case TOKENS_PER_MINUTE, TOKENS_PER_DAY -> true;
      };
    }
  }
}
