package io.solebox.engine.schedule;

import io.solebox.engine.schedule.FairQueue.Account;
import io.solebox.engine.schedule.FairQueue.Ticket;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Who gives way where not all have a place, of sequences that run or of memory. Nothing of a result
 * changes by that, and hardly more than a block of it is computed again, unless the memory is
 * needed.
 */
final class Places {
  /** Tokens that a user's only sequence is sure of before it gives way to who has none. */
  private static final int SLICE = 128;

  private final List<Sequence> running; // in the order of their admission
  private final Function<Sequence, Ticket> tickets;
  private final BackgroundTurns turns;

  Places(List<Sequence> running, Function<Sequence, Ticket> tickets, BackgroundTurns turns) {
    this.running = running;
    this.tickets = tickets;
    this.turns = turns;
  }

  private Account account(Sequence sequence) {
    return tickets.apply(sequence).account();
  }

  /**
   * Who gives way to somebody's sequence that waits: background work; prompts that come after its
   * own; of users who have more places than theirs would, all but one; or, if they have one each
   * and it would be the first, one that had its slice.
   */
  List<Sequence> yielding(Sequence next) {
    var yielding = new ArrayList<Sequence>();
    double due = tickets.apply(next).due();
    Comparator<Sequence> byDue = Comparator.comparingDouble(s -> tickets.apply(s).due());
    running.stream()
        .filter(s -> FairShares.isBackground(s) && turns.yields(s))
        .sorted(byDue.reversed())
        .forEach(yielding::add);
    running.stream()
        .filter(s -> !FairShares.isBackground(s) && !s.isGenerating())
        .filter(s -> tickets.apply(s).due() > due)
        .sorted(byDue.reversed())
        .forEach(yielding::add);
    for (var more = oneOfTooMany(next, yielding); more.isPresent(); ) {
      yielding.add(more.get());
      more = oneOfTooMany(next, yielding);
    }
    if (yielding.isEmpty()) {
      slice(next).ifPresent(yielding::add);
    }
    return yielding;
  }

  /** The latest sequence of the user who has the most places, if they are too many. */
  private Optional<Sequence> oneOfTooMany(Sequence next, List<Sequence> gone) {
    List<Sequence> left = people();
    left.removeAll(gone);
    Map<Account, Integer> places = sums(left, _ -> 1);
    double mine = places.getOrDefault(account(next), 0);
    double share = mine == 0 ? 0 : (mine + 1) / account(next).weight();
    return places.entrySet().stream()
        .filter(user -> user.getKey() != account(next) && user.getValue() > 1)
        .filter(user -> user.getValue() / user.getKey().weight() > share)
        .max(Comparator.comparingDouble(user -> user.getValue() / user.getKey().weight()))
        .map(user -> latest(left, user.getKey()));
  }

  private List<Sequence> people() {
    return new ArrayList<>(running.stream().filter(s -> !FairShares.isBackground(s)).toList());
  }

  private Map<Account, Integer> sums(List<Sequence> of, ToIntFunction<Sequence> size) {
    var sums = new HashMap<Account, Integer>();
    of.forEach(sequence -> sums.merge(account(sequence), size.applyAsInt(sequence), Integer::sum));
    return sums;
  }

  private Sequence latest(List<Sequence> of, Account user) {
    return of.reversed().stream().filter(s -> account(s) == user).findFirst().orElseThrow();
  }

  /** Each may take one so, once: who gave way comes back when a place is free. */
  private Optional<Sequence> slice(Sequence next) {
    List<Sequence> people = people();
    boolean hasOne = people.stream().anyMatch(s -> account(s) == account(next));
    return hasOne || next.hasBegun()
        ? Optional.empty()
        : people.stream()
            .filter(s -> s.progress() >= Math.max(SLICE, s.repeated()))
            .max(Comparator.comparingInt(Sequence::progress));
  }

  /**
   * Who gives its memory back when one that runs needs more: the latest of background work, or of
   * users who have half their share of it or more.
   */
  Sequence victim() {
    List<Sequence> people = people();
    if (people.size() < running.size()) {
      return running.reversed().stream().filter(FairShares::isBackground).findFirst().orElseThrow();
    }
    Map<Account, Integer> blocks = sums(people, Sequence::blocks);
    double all = blocks.values().stream().mapToInt(n -> n).sum();
    double weights = blocks.keySet().stream().mapToDouble(Account::weight).sum();
    return people.reversed().stream()
        .filter(s -> 2 * blocks.get(account(s)) * weights >= all * account(s).weight())
        .findFirst()
        .orElseThrow();
  }
}
