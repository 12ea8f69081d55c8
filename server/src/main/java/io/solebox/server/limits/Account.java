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
  private final Optional<TokenBucket> requests; // guarded by this, as the other two
  private final Optional<TokenBucket> minute;
  private final Optional<TokenBucket> day;
  private long running; // guarded by this

  /**
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   */
  public Account(Limits limits, LongSupplier clock) {
    this.limits = limits;
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

  public Limits limits() {
    return limits;
  }

  /**
   * Counts a request, which {@link #ended} must follow.
   *
   * @return why it may not be; then it is not counted
   */
  public synchronized Optional<Refusal> begin() {
    Optional<Refusal> refusal = full().or(this::noRequests).or(this::noTokens);
    if (refusal.isEmpty()) {
      running++;
      requests.ifPresent(bucket -> bucket.take(1));
    }
    return refusal;
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
  public synchronized Optional<Refusal> noTokens() {
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
  public synchronized void ended() {
    running--;
  }

  /** So many tokens were used, of a prompt or of an answer. */
  public synchronized void use(long tokens) {
    minute.ifPresent(bucket -> bucket.take(tokens));
    day.ifPresent(bucket -> bucket.take(tokens));
  }

  /** What is left now. */
  public synchronized Standing standing() {
    Optional<Standing.Rate> tokens =
        Stream.concat(minute.stream(), day.stream())
            .map(Standing.Rate::of)
            .min(Comparator.comparingLong(Standing.Rate::left));
    return new Standing(requests.map(Standing.Rate::of), tokens);
  }
}
