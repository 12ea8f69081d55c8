package io.solebox.server.limits;

import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What somebody has used of what he may use. A request is let in while something of each limit is
 * left, here and in the account around this one, as that of a group; tokens are counted as they are
 * used, so nothing is reserved and no answer is cut: what an answer takes beyond a limit is paid
 * back before the next request. Safe for many threads.
 */
public final class Account {
  /** Who comes back after this finds a request that has ended, as likely as not. */
  private static final Duration CONCURRENT_WAIT = Duration.ofSeconds(1);

  private final Holder holder;
  private final Limits limits;
  private final Optional<Account> outer;
  private final Spendings spendings;
  private final Map<Bound, TokenBucket> buckets = new EnumMap<>(Bound.class); // guarded by this
  private long running; // guarded by this

  /**
   * @param clock nanoseconds, as {@link System#nanoTime()} has them: what a person sets his clock
   *     to refills nothing
   * @param outer of all together, as of a group or of all keys of one person; what is used here is
   *     used there, too
   * @param spendings of days, as they were before
   */
  public Account(
      Holder holder,
      Limits limits,
      LongSupplier clock,
      Optional<Account> outer,
      Spendings spendings) {
    this.holder = holder;
    this.limits = limits;
    this.outer = outer;
    this.spendings = spendings;
    limits.most().forEach((bound, most) -> open(bound, most, clock));
  }

  /** That of all requests of this machine together, which begins anew with the server. */
  public Account(Limits limits, LongSupplier clock) {
    this(Holder.HERE, limits, clock, Optional.empty(), Spendings.NONE);
  }

  /** One that bounds nothing. */
  public static Account unlimited() {
    return new Account(Limits.NONE, System::nanoTime);
  }

  private void open(Bound bound, long most, LongSupplier clock) {
    bound.period().ifPresent(period -> buckets.put(bound, new TokenBucket(most, period, clock)));
    if (bound.ofDays()) {
      buckets.get(bound).take(spendings.missing(holder.id(), bound, most));
    }
  }

  /** Who is held to its limits. */
  public Holder holder() {
    return holder;
  }

  /** Its own, and of the outer one's what these leave open. */
  public Limits limits() {
    return outer.map(its -> limits.or(its.limits())).orElse(limits);
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
    Optional<Refusal> refusal = full().or(() -> used(bound -> true));
    if (refusal.isEmpty()) {
      running++;
      take(Counted.REQUESTS, 1);
    }
    return refusal;
  }

  private synchronized void takeBack() {
    running--;
    take(Counted.REQUESTS, -1);
  }

  private Optional<Refusal> full() {
    return Optional.ofNullable(limits.most().get(Bound.CONCURRENT_REQUESTS))
        .filter(most -> running >= most)
        .map(most -> refusal(Bound.CONCURRENT_REQUESTS, most, CONCURRENT_WAIT));
  }

  private Refusal refusal(Bound bound, long most, Duration wait) {
    return new Refusal(bound, holder.whose(), most, wait);
  }

  /** Of several that are used up the one that lasts longest. */
  private Optional<Refusal> used(Predicate<Bound> bounds) {
    return buckets.entrySet().stream()
        .filter(entry -> bounds.test(entry.getKey()) && entry.getValue().left() == 0)
        .map(
            entry ->
                refusal(entry.getKey(), entry.getValue().capacity(), entry.getValue().until(1)))
        .max(Comparator.comparing(Refusal::retryIn));
  }

  /** Why no further tokens may be used, if so; of several reasons the one that lasts longest. */
  public Optional<Refusal> noTokens() {
    return Stream.concat(noTokensHere().stream(), outer.flatMap(Account::noTokens).stream())
        .max(Comparator.comparing(Refusal::retryIn));
  }

  private synchronized Optional<Refusal> noTokensHere() {
    return used(Bound::ofTokens);
  }

  /** A request that was counted is over. */
  public void ended() {
    synchronized (this) {
      running--;
    }
    outer.ifPresent(Account::ended);
  }

  /** So many tokens were used, of a prompt or of an answer. */
  public void use(Counted what, long amount) {
    synchronized (this) {
      take(what, amount);
    }
    outer.ifPresent(its -> its.use(what, amount));
  }

  private void take(Counted what, long amount) {
    boolean day = false;
    for (Map.Entry<Bound, TokenBucket> entry : buckets.entrySet()) {
      if (entry.getKey().counts(what)) {
        entry.getValue().take(amount);
        day |= entry.getKey().ofDays();
      }
    }
    if (day) {
      spendings.changed(this);
    }
  }

  /** What is left now, of each kind that of which least is left. */
  public Standing standing() {
    Standing here = standingHere();
    return outer.map(Account::standing).map(here::least).orElse(here);
  }

  private synchronized Standing standingHere() {
    return new Standing(
        Standing.least(rates(bound -> !bound.ofTokens())), Standing.least(rates(Bound::ofTokens)));
  }

  private Stream<Standing.Rate> rates(Predicate<Bound> bounds) {
    return buckets.entrySet().stream()
        .filter(entry -> bounds.test(entry.getKey()))
        .map(entry -> Standing.Rate.of(entry.getValue()));
  }

  /** What is missing of each bound of days. */
  public synchronized Map<Bound, Long> spentOfDays() {
    Map<Bound, Long> spent = new EnumMap<>(Bound.class);
    buckets.forEach(
        (bound, bucket) -> {
          if (bound.ofDays()) {
            spent.put(bound, bucket.missing());
          }
        });
    return spent;
  }

  /**
   * One limit, and how it stands.
   *
   * @param untilFull how long until all of it is there again, if nothing more is used
   */
  public record Line(Whose whose, Bound bound, long most, long left, Duration untilFull) {}

  /** All limits, here and around this, in the order in which they are listed. */
  public Stream<Line> lines() {
    return Stream.concat(linesHere(), outer.stream().flatMap(Account::lines));
  }

  private synchronized Stream<Line> linesHere() {
    return limits.most().entrySet().stream()
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .toList()
        .stream();
  }

  private Line line(Bound bound, long most) {
    return Optional.ofNullable(buckets.get(bound))
        .map(b -> new Line(holder.whose(), bound, most, b.left(), b.untilFull()))
        .orElseGet(
            () ->
                new Line(holder.whose(), bound, most, Math.max(0, most - running), Duration.ZERO));
  }
}
