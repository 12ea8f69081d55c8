package io.solebox.server.accounts;

import io.solebox.engine.generation.UserWeights;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Limits;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * What everybody has used: of a key, within that of its owner, within that of the owner's group.
 * What has been used is forgotten where limits change. Safe for many threads.
 */
public final class LimitBook implements UserWeights {
  private final Limits usual;
  private final LongSupplier clock;
  private final UserWeights others;
  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(Limits limits, Optional<Account> outer, Account account) {}

  /**
   * @param usual limits of those who have none of their own, nor of their group
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   * @param others weights of those without an account
   */
  public LimitBook(Limits usual, LongSupplier clock, UserWeights others) {
    this.usual = usual;
    this.clock = clock;
    this.others = others;
  }

  Account of(User user, Optional<Group> group) {
    Limits limits = group.map(g -> user.ownLimits().or(g.ofEach())).orElse(user.ownLimits());
    Optional<Account> together =
        group
            .filter(g -> !g.shared().isEmpty())
            .map(g -> account("group " + g.name(), g.ofAll(), Optional.empty()));
    return account(user.id(), limits.or(usual), together);
  }

  Account of(UserKey key, Account owners) {
    return key.limits().isEmpty()
        ? owners
        : account(key.id(), Limits.parse(key.limits(), "limits"), Optional.of(owners));
  }

  private Account account(String whose, Limits limits, Optional<Account> outer) {
    return entries.compute(
            whose,
            (_, before) ->
                before != null && before.limits.equals(limits) && before.outer.equals(outer)
                    ? before
                    : new Entry(limits, outer, made(limits, outer)))
        .account;
  }

  private Account made(Limits limits, Optional<Account> outer) {
    return outer
        .map(o -> new Account(limits, clock, o))
        .orElseGet(() -> new Account(limits, clock));
  }

  @Override
  public double weight(String user) {
    return Optional.ofNullable(entries.get(user))
        .map(entry -> entry.account.limits().weight().orElse(1))
        .orElseGet(() -> others.weight(user));
  }
}
