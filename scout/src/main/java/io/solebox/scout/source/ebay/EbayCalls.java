package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * Calls with the owner's key, each counted before it is made. Used by one thread at a time, but for
 * {@link #uncounted}.
 */
final class EbayCalls {
  /** How long what eBay said of the quota is good: others may use the same key. */
  private static final Duration LIMITS_LIVE = Duration.ofHours(2);

  /** How long to leave the question alone after it was not answered. */
  private static final Duration LIMITS_RETRY = Duration.ofMinutes(15);

  private static final String LIMITS =
      "/developer/analytics/v1_beta/rate_limit/?api_context=buy&api_name=browse";

  private final EbayAccount account;
  private final EbayWire wire;
  private final EbayTokens tokens;
  private final QuotaBook book;
  private final InstantSource clock;
  private final Backoff counted;
  private final Backoff uncounted;
  private Optional<Instant> limitsTried = Optional.empty();

  EbayCalls(
      EbayAccount account,
      EbayWire wire,
      EbayTokens tokens,
      QuotaBook book,
      InstantSource clock,
      RandomGenerator random) {
    this.account = account;
    this.wire = wire;
    this.tokens = tokens;
    this.book = book;
    this.clock = clock;
    this.counted = new Backoff(random);
    this.uncounted = new Backoff(random);
  }

  /**
   * Asks for what counts.
   *
   * @param headers of eBay's own
   */
  Answer counted(EbayPool pool, String path, Map<String, String> headers)
      throws InterruptedException {
    if (tokens.token() instanceof EbayTokens.Missing(Answer.None why)) {
      return why;
    }
    if (isLimitsDue(pool)) {
      askLimits();
    }
    if (!book.take(pool)) {
      return usedUp(pool);
    }
    Answer answer = ask(path, headers, counted);
    if (answer instanceof Answer.TooOften) {
      // Whether the day's calls are used up, or it was only too fast, the quota says.
      askLimits();
      return book.pool(pool).left() == 0 ? usedUp(pool) : answer;
    }
    return answer;
  }

  private Answer usedUp(EbayPool pool) {
    EbayQuota.Pool state = book.pool(pool);
    return new Answer.Later(
        book.untilReset(pool),
        "the day's %d calls of %s are used up; more are there at %s"
            .formatted(state.allowed(), pool.key(), state.resets()));
  }

  /** Asks for what eBay counts elsewhere, if at all. */
  Answer uncounted(String path) throws InterruptedException {
    return ask(path, Map.of(), uncounted);
  }

  /** Asks with a token, and once more with a new one where the first is not taken. */
  private Answer ask(String path, Map<String, String> headers, Backoff backoff)
      throws InterruptedException {
    Answer answer = new Answer.Refused(401, false, "no token was tried");
    for (int attempt = 0; attempt < 2; attempt++) {
      switch (tokens.token()) {
        case EbayTokens.Missing(Answer.None why) -> {
          return why;
        }
        case EbayTokens.Valid token -> {
          Ask ask = Ask.get(account.at(path)).with(Optional.of(token.secret()));
          for (Map.Entry<String, String> header : headers.entrySet()) {
            ask = ask.with(header.getKey(), header.getValue());
          }
          answer = wire.send(ask, backoff);
          if (!(answer instanceof Answer.Refused(int status, _, _)) || status != 401) {
            return answer;
          }
          tokens.refused(token);
        }
      }
    }
    return new Answer.Closed(
        "eBay does not take a token that it has just minted",
        "See at developer.ebay.com whether the key is still good for the Browse API, and whether"
            + " this machine's clock is right.");
  }

  private boolean isLimitsDue(EbayPool pool) {
    Instant now = clock.instant();
    return isOlder(limitsTried, LIMITS_RETRY, now)
        && isOlder(book.pool(pool).live().map(EbayQuota.Live::asked), LIMITS_LIVE, now);
  }

  /** What lies in the future, since a clock went back, is old. */
  private static boolean isOlder(Optional<Instant> at, Duration age, Instant now) {
    return at.isEmpty() || at.get().isAfter(now) || at.get().plus(age).isBefore(now);
  }

  /** Learns what eBay says of the quota; where it says nothing, what was known stays. */
  Answer askLimits() throws InterruptedException {
    limitsTried = Optional.of(clock.instant());
    Answer answer = uncounted(LIMITS);
    if (answer instanceof Answer.Got got && got.cut().isEmpty() && got.body().length > 0) {
      try {
        learn(EbayWire.JSON.readObject(got.body()));
      } catch (JsonException e) {
        // It says nothing, then.
      }
    }
    return answer;
  }

  private void learn(Map<String, Object> answer) {
    for (Map<?, ?> api : EbayText.maps(answer.get("rateLimits"))) {
      for (Map<?, ?> resource : EbayText.maps(api.get("resources"))) {
        Arrays.stream(EbayPool.values())
            .filter(pool -> pool.key().equals(resource.get("name")))
            .forEach(
                pool -> EbayText.maps(resource.get("rates")).forEach(rate -> learn(pool, rate)));
      }
    }
  }

  private void learn(EbayPool pool, Map<?, ?> rate) {
    OptionalLong limit = number(rate.get("limit"));
    OptionalLong left = number(rate.get("remaining"));
    Optional<Instant> reset = EbayText.instant(rate.get("reset"));
    boolean isOfDay = number(rate.get("timeWindow")).orElse(0) >= Duration.ofHours(20).toSeconds();
    if (limit.isPresent() && left.isPresent() && reset.isPresent() && isOfDay) {
      book.learn(pool, limit.getAsLong(), left.getAsLong(), reset.get());
    }
  }

  private static OptionalLong number(Object value) {
    return value instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  /** Of an answer that came and is not whole: to be asked again after a while. */
  Answer.Later broken(String reason) {
    return counted.later(Optional.empty(), reason);
  }

  /** How far this machine's clock is behind eBay's, by what an answer says of its time. */
  Optional<Duration> clockBehind(Head head) {
    return head.first("date")
        .flatMap(EbayWire::date)
        .map(date -> Duration.between(clock.instant(), date.toInstant()));
  }
}
