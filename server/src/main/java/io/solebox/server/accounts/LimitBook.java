package io.solebox.server.accounts;

import io.solebox.engine.generation.UserWeights;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Holder;
import io.solebox.server.limits.Limits;
import io.solebox.server.limits.Spendings;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;

/**
 * What everybody has used: of a key, within that of its owner, within that of the owner's group.
 * What has been used of minutes is forgotten where limits change. Safe for many threads.
 */
public final class LimitBook implements UserWeights {
  private final Limits usual;
  private final LongSupplier clock;
  private final Spendings spendings;
  private final UserWeights others;
  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(Limits limits, Optional<Account> outer, Account account) {}

  /**
   * @param usual limits of those who have none of their own, nor of their group
   * @param clock nanoseconds, as {@link System#nanoTime()} has them
   * @param spendings what was used of days
   * @param others weights of those without an account
   */
  public LimitBook(Limits usual, LongSupplier clock, Spendings spendings, UserWeights others) {
    this.usual = usual;
    this.clock = clock;
    this.spendings = spendings;
    this.others = others;
  }

  Account of(User user, Optional<Group> group) {
    Limits limits = group.map(g -> user.ownLimits().or(g.ofEach())).orElse(user.ownLimits());
    Optional<Account> together =
        group
            .filter(g -> !g.shared().isEmpty())
            .map(g -> account(Holder.ofGroup(g.name()), g.ofAll(), Optional.empty()));
    Holder holder = Holder.ofUser(user.id(), group.map(Group::name).orElse(""));
    return account(holder, limits.or(usual), together);
  }

  Account of(UserKey key, Account owners) {
    Holder holder = Holder.ofKey(key.id(), owners.holder().payer());
    return account(holder, Limits.parse(key.limits(), "limits"), Optional.of(owners));
  }

  private Account account(Holder holder, Limits limits, Optional<Account> outer) {
    return entries.compute(
            holder.id(),
            (_, before) ->
                before != null
                        && before.account.holder().equals(holder)
                        && before.limits.equals(limits)
                        && before.outer.equals(outer)
                    ? before
                    : new Entry(
                        limits, outer, new Account(holder, limits, clock, outer, spendings)))
        .account;
  }

  @Override
  public double weight(String user) {
    return Optional.ofNullable(entries.get(Holder.ofUser(user, "").id()))
        .map(entry -> entry.account.limits().weight().orElse(1))
        .orElseGet(() -> others.weight(user));
  }
}
