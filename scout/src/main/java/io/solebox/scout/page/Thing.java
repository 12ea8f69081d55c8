package io.solebox.scout.page;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.story.Happening;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that is for sale and that somebody wants.
 *
 * @param looked when it was last seen
 * @param last empty where nothing has happened since it is watched
 */
record Thing(
    Sighting seen,
    Instant firstSeen,
    Instant looked,
    List<String> watches,
    Judgement judgement,
    Optional<Last> last) {
  /**
   * What happened last.
   *
   * @param notTold why nobody was told, as a part of a sentence; empty where somebody was, or will
   *     be
   */
  record Last(Happening happening, Instant at, String notTold) {}

  Thing {
    watches = List.copyOf(watches);
  }

  Optional<String> card() {
    return judgement.card().map(CardMatch::card);
  }

  /** What is asked for one, as far as that is known, or for all of it. */
  Optional<Money> unitPrice() {
    return judgement.perUnit().or(() -> seen.sale().asked());
  }

  Optional<Instant> ends() {
    return switch (seen.sale()) {
      case Sale.Auction auction -> Optional.of(auction.ends());
      case Sale.Fixed _ -> Optional.empty();
      case Sale.Unpriced _ -> Optional.empty();
    };
  }
}
