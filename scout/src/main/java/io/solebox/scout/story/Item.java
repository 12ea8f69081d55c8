package io.solebox.scout.story;

import io.solebox.scout.item.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of one thing, as long as it may come again.
 *
 * @param firstSeen by the scout
 * @param looked when something was last heard of it
 * @param gone since when it is no longer for sale; empty while it is
 * @param asked its price, where it has one, in the seller's own currency as far as that is known
 * @param lowest of the prices that were told or seen first; of the same currency
 * @param drops how often its price has fallen
 * @param backs how often it has come back
 * @param endingTold whether it was told that its auction ends
 */
public record Item(
    Instant firstSeen,
    Instant looked,
    Optional<Instant> gone,
    Optional<Money> asked,
    Optional<Money> lowest,
    int drops,
    int backs,
    boolean endingTold) {
  /** The same, no longer for sale. */
  public Item ended(Instant at) {
    return new Item(
        firstSeen, later(at), gone.or(() -> Optional.of(at)), asked, lowest, drops, backs, false);
  }

  Item backAgain() {
    return new Item(
        firstSeen, looked, Optional.empty(), asked, lowest, drops, backs + 1, endingTold);
  }

  Item dropped() {
    return new Item(firstSeen, looked, gone, asked, lowest, drops + 1, backs, endingTold);
  }

  Item told() {
    return new Item(firstSeen, looked, gone, asked, lowest, drops, backs, true);
  }

  Item seenAt(Instant at) {
    return new Item(firstSeen, later(at), gone, asked, lowest, drops, backs, endingTold);
  }

  Item priced(Money now, Money low) {
    return new Item(
        firstSeen, looked, gone, Optional.of(now), Optional.of(low), drops, backs, endingTold);
  }

  /** A clock that was set back makes nothing older. */
  private Instant later(Instant at) {
    return at.isAfter(looked) ? at : looked;
  }
}
