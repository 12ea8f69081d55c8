package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tokens by client credentials. One is used until shortly before it expires; whoever needs one
 * while it is minted waits for that one. Safe for many threads.
 */
final class EbayTokens {
  /** For clocks that differ and answers that take long. */
  private static final Duration MARGIN = Duration.ofMinutes(5);

  /** The one that all of an application's questions need; the sandbox calls it the same. */
  private static final String SCOPE = "https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope";

  private final EbayAccount account;
  private final EbayWire wire;
  private final QuotaBook book;
  private final InstantSource clock;
  private final Backoff backoff;
  private final ReentrantLock minting = new ReentrantLock();
  private Optional<Valid> current = Optional.empty();

  EbayTokens(
      EbayAccount account, EbayWire wire, QuotaBook book, InstantSource clock, Backoff backoff) {
    this.account = account;
    this.wire = wire;
    this.book = book;
    this.clock = clock;
    this.backoff = backoff;
  }

  /** Whether there is one. */
  sealed interface Token {}

  record Valid(Secret secret, Instant minted, Instant until) implements Token {
    /** A clock that went back makes it old, not young. */
    boolean isGood(Instant now) {
      return now.isBefore(until) && !now.isBefore(minted);
    }
  }

  record Missing(Answer.None why) implements Token {}

  Token token() throws InterruptedException {
    minting.lockInterruptibly();
    try {
      Optional<Valid> good = current.filter(valid -> valid.isGood(clock.instant()));
      return good.isPresent() ? good.get() : mint();
    } finally {
      minting.unlock();
    }
  }

  /** eBay has not taken it; the next is minted anew, unless that has happened already. */
  void refused(Valid token) {
    minting.lock();
    try {
      current = current.filter(other -> other != token);
    } finally {
      minting.unlock();
    }
  }

  private Token mint() throws InterruptedException {
    if (!book.take(EbayPool.TOKENS)) {
      return new Missing(
          new Answer.Later(
              book.untilReset(EbayPool.TOKENS), "all tokens that eBay mints in a day are used up"));
    }
    String keys = account.clientId() + ":" + account.clientSecret();
    String basic = Base64.getEncoder().encodeToString(keys.getBytes(StandardCharsets.UTF_8));
    byte[] form = ("grant_type=client_credentials&scope=" + SCOPE).getBytes(StandardCharsets.UTF_8);
    Ask ask =
        Ask.post(
                account.at("/identity/v1/oauth2/token"),
                new Ask.Body("application/x-www-form-urlencoded", form))
            .with(Optional.of(Secret.basic(basic)));
    return switch (wire.send(ask, backoff)) {
      case Answer.Got got -> valid(got);
      case Answer.None none -> new Missing(none);
      case Answer.Refused(_, _, String reason) ->
          new Missing(
              new Answer.Closed(
                  "eBay does not take the key: " + reason,
                  "See client_id and the secret at developer.ebay.com under Application Keys. A key"
                      + " for production stays switched off until its owner has subscribed to"
                      + " notices of deleted accounts or opted out of them."));
    };
  }

  private Token valid(Answer.Got got) {
    try {
      Map<String, Object> answer = EbayWire.JSON.readObject(got.body());
      if (answer.get("access_token") instanceof String token
          && answer.get("expires_in") instanceof Number seconds) {
        Instant now = clock.instant();
        Duration life = Duration.ofSeconds(seconds.longValue());
        Duration margin = life.compareTo(MARGIN.multipliedBy(2)) > 0 ? MARGIN : life.dividedBy(2);
        current = Optional.of(new Valid(Secret.bearer(token), now, now.plus(life).minus(margin)));
        return current.get();
      }
    } catch (JsonException e) {
      // It is none, as the next line says.
    }
    return new Missing(backoff.later(Optional.empty(), "eBay's answer holds no token"));
  }
}
