package io.solebox.server.usage;

import io.solebox.server.limits.Account;
import io.solebox.server.limits.Bound;
import io.solebox.server.limits.Spendings;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What was used of days, kept beside the usage and written with it. A clock that went back gives
 * nothing back. Safe for many threads.
 */
final class DaySpendings implements Spendings {
  private final Clock clock;
  private final ConcurrentMap<Place, Spent> known = new ConcurrentHashMap<>();
  private final Set<Account> changed = ConcurrentHashMap.newKeySet();

  /** Whose bound it is. */
  record Place(String holder, String bound) {}

  /**
   * What is missing of a bound.
   *
   * @param at milliseconds since 1970
   */
  record Spent(long tokens, long at) {}

  /** With all that is known, so that whoever asks need not wait for the database. */
  DaySpendings(Database database, Clock clock) {
    this.clock = clock;
    this.known.putAll(database.read(UsageTables::spendings));
  }

  @Override
  public long missing(String holder, Bound bound, long most) {
    return Optional.ofNullable(known.get(new Place(holder, bound.wireName())))
        .map(its -> missing(its, bound, most))
        .orElse(0L);
  }

  private long missing(Spent spent, Bound bound, long most) {
    long passed = Math.max(0, clock.millis() - spent.at());
    double period = bound.period().orElseThrow().toMillis();
    return (long) Math.ceil(Math.max(0, spent.tokens() - passed / period * most));
  }

  @Override
  public void changed(Account account) {
    changed.add(account);
  }

  boolean isClean() {
    return changed.isEmpty();
  }

  /** Takes those whose spending is to be written; whoever does not write it gives it back. */
  List<Account> take() {
    List<Account> taken = new ArrayList<>(changed);
    taken.forEach(changed::remove); // before they are read, so that what comes later counts
    return taken;
  }

  void giveBack(List<Account> accounts) {
    changed.addAll(accounts);
  }

  void save(Sql sql, List<Account> accounts) throws SQLException {
    long now = clock.millis();
    for (Account account : accounts) {
      for (Map.Entry<Bound, Long> one : account.spentOfDays().entrySet()) {
        Place place = new Place(account.holder().id(), one.getKey().wireName());
        Spent spent = new Spent(one.getValue(), now);
        known.put(place, spent);
        UsageTables.save(sql, place, spent);
      }
    }
  }
}
