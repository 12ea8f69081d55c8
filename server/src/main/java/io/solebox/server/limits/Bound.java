package io.solebox.server.limits;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What can be bounded. */
public enum Bound {
  REQUESTS_PER_MINUTE("rpm", "requests a minute", Period.MINUTE, Counted.REQUESTS),
  REQUESTS_PER_DAY("rpd", "requests a day", Period.DAY, Counted.REQUESTS),
  CONCURRENT_REQUESTS("concurrent", "requests at the same time", Period.NONE),
  TOKENS_PER_MINUTE(
      "tpm", "tokens a minute", Period.MINUTE, Counted.PROMPT_TOKENS, Counted.GENERATED_TOKENS),
  TOKENS_PER_DAY(
      "tpd", "tokens a day", Period.DAY, Counted.PROMPT_TOKENS, Counted.GENERATED_TOKENS),
  PROMPT_TOKENS_PER_MINUTE("ppm", "prompt tokens a minute", Period.MINUTE, Counted.PROMPT_TOKENS),
  PROMPT_TOKENS_PER_DAY("ppd", "prompt tokens a day", Period.DAY, Counted.PROMPT_TOKENS),
  GENERATED_TOKENS_PER_MINUTE(
      "gpm", "generated tokens a minute", Period.MINUTE, Counted.GENERATED_TOKENS),
  GENERATED_TOKENS_PER_DAY("gpd", "generated tokens a day", Period.DAY, Counted.GENERATED_TOKENS);

  private enum Period {
    NONE,
    MINUTE,
    DAY
  }

  private final String word;
  private final String words;
  private final Period period;
  private final Set<Counted> counted;

  Bound(String word, String words, Period period, Counted... counted) {
    this.word = word;
    this.words = words;
    this.period = period;
    this.counted = Set.of(counted);
  }

  /** The one that {@link Limits#parse} calls by a word. */
  static Optional<Bound> named(String word) {
    return Arrays.stream(values()).filter(bound -> bound.word.equals(word)).findFirst();
  }

  /** By which {@link Limits#parse} calls it. */
  public String word() {
    return word;
  }

  /** A stable name. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** As it stands behind a number, for people. */
  public String words() {
    return words;
  }

  /** In which all of it may be used; empty for what is bounded at every moment. */
  public Optional<Duration> period() {
    return switch (period) {
      case NONE -> Optional.empty();
      case MINUTE -> Optional.of(Duration.ofMinutes(1));
      case DAY -> Optional.of(Duration.ofDays(1));
    };
  }

  /** Whether it holds for days, and must outlive a server. */
  boolean ofDays() {
    return period == Period.DAY;
  }

  boolean counts(Counted what) {
    return counted.contains(what);
  }

  /** Whether it bounds tokens, and not requests. */
  public boolean ofTokens() {
    return counts(Counted.PROMPT_TOKENS) || counts(Counted.GENERATED_TOKENS);
  }
}
