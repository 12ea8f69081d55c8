package io.solebox.server.limits;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * What somebody has used of what he may use. A request is let in while something of each limit is
 * left; tokens are counted as they are used, so nothing is reserved and no answer is cut: what an
 * answer takes beyond a limit is paid back before the next request. Safe for many threads.
 */
public final class Account {
  /** Who comes back after this finds a request that has ended, as likely as not. */
  private static final Duration CONCURRENT_WAIT = Duration.ofSeconds(1);

  private final Limits limits;
  private final Optional<Account> outer;
  private final Optional<TokenBucket> requests; // guarded by this, as the other two
  private final Optional<TokenBucket> minute;
  private final Optional<TokenBucket> day;
  private long running; // guarded by this

  /**
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   */
  public Account(Limits limits, LongSupplier clock) {
    this(limits, clock, Optional.empty());
  }

  /**
   * @param outer of all together, as of a group or of all keys of one person; what is used here is
   *     used there, too
   */
  public Account(Limits limits, LongSupplier clock, Account outer) {
    this(limits, clock, Optional.of(outer));
  }

  private Account(Limits limits, LongSupplier clock, Optional<Account> outer) {
    this.limits = limits;
    this.outer = outer;
    this.requests = bucket(limits.requestsPerMinute(), Duration.ofMinutes(1), clock);
    this.minute = bucket(limits.tokensPerMinute(), Duration.ofMinutes(1), clock);
    this.day = bucket(limits.tokensPerDay(), Duration.ofDays(1), clock);
  }

  /** One that bounds nothing. */
  public static Account unlimited() {
    return new Account(Limits.NONE, System::nanoTime);
  }

  private static Optional<TokenBucket> bucket(
      OptionalLong most, Duration period, LongSupplier clock) {
    return most.isPresent()
        ? Optional.of(new TokenBucket(most.getAsLong(), period, clock))
        : Optional.empty();
  }

  /** Its own, and of the outer one's what these leave open. */
  public Limits limits() {
    return outer.map(o -> limits.or(o.limits())).orElse(limits);
  }

  /**
   * Counts a request, which {@link #ended} must follow.
   *
   * @return why it may not be; then it is not counted
   */
  public Optional<Refusal> begin() {
    Optional<Refusal> here = beginHere();
    if (here.isPresent() || outer.isEmpty()) {
      return here;
    }
    Optional<Refusal> there = outer.get().begin();
    if (there.isPresent()) {
      takeBack();
    }
    return there;
  }

  private synchronized Optional<Refusal> beginHere() {
    Optional<Refusal> refusal = full().or(this::noRequests).or(this::noTokensHere);
    if (refusal.isEmpty()) {
      running++;
      requests.ifPresent(bucket -> bucket.take(1));
    }
    return refusal;
  }

  private synchronized void takeBack() {
    running--;
    requests.ifPresent(bucket -> bucket.take(-1));
  }

  private Optional<Refusal> full() {
    return limits.concurrent().isPresent() && running >= limits.concurrent().getAsLong()
        ? Optional.of(
            new Refusal(
                Refusal.Kind.CONCURRENT_REQUESTS, limits.concurrent().getAsLong(), CONCURRENT_WAIT))
        : Optional.empty();
  }

  private Optional<Refusal> noRequests() {
    return requests.flatMap(bucket -> empty(bucket, Refusal.Kind.REQUESTS_PER_MINUTE));
  }

  /** Why no further tokens may be used, if so; of two reasons the one that lasts longer. */
  public Optional<Refusal> noTokens() {
    return Stream.concat(noTokensHere().stream(), outer.flatMap(Account::noTokens).stream())
        .max(Comparator.comparing(Refusal::retryIn));
  }

  private synchronized Optional<Refusal> noTokensHere() {
    return Stream.concat(
            minute.flatMap(bucket -> empty(bucket, Refusal.Kind.TOKENS_PER_MINUTE)).stream(),
            day.flatMap(bucket -> empty(bucket, Refusal.Kind.TOKENS_PER_DAY)).stream())
        .max(Comparator.comparing(Refusal::retryIn));
  }

  private static Optional<Refusal> empty(TokenBucket bucket, Refusal.Kind kind) {
    return bucket.left() > 0
        ? Optional.empty()
        : Optional.of(new Refusal(kind, bucket.capacity(), bucket.until(1)));
  }

  /** A request that was counted is over. */
  public void ended() {
    synchronized (this) {
      running--;
    }
    outer.ifPresent(Account::ended);
  }

  /** So many tokens were used, of a prompt or of an answer. */
  public void use(long tokens) {
    synchronized (this) {
      minute.ifPresent(bucket -> bucket.take(tokens));
      day.ifPresent(bucket -> bucket.take(tokens));
    }
    outer.ifPresent(its -> its.use(tokens));
  }

  /** What is left now, of each kind that of which least is left. */
  public Standing standing() {
    Standing here = standingHere();
    return outer.map(Account::standing).map(here::least).orElse(here);
  }

  private synchronized Standing standingHere() {
    Optional<Standing.Rate> tokens =
        Standing.least(minute.map(Standing.Rate::of), day.map(Standing.Rate::of));
    return new Standing(requests.map(Standing.Rate::of), tokens);
  }
}
