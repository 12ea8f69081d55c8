package io.solebox.scout.judge;

import io.solebox.hardware.table.Part;
import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sighting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why things may be scams, jokes, or not what they seem. */
final class Suspicions {
  /**
   * What is known of one thing.
   *
   * @param pictureShownBy how many others have shown its picture
   */
  record Case(
      Sighting sighting,
      Optional<CardMatch> card,
      Optional<Part> part,
      Optional<Money> perUnit,
      Optional<Standing> standing,
      int pictureShownBy) {}

  /** All that there are, the figures first. */
  List<Suspicion> of(Case each) {
    return new ArrayList<>(OddFigures.of(each));
  }

  /** Whether a price is one that is asked for such a card, as far as suspicions go. */
  boolean pricesCount(List<Suspicion> suspicions) {
    return suspicions.stream().noneMatch(each -> OddFigures.NO_PRICE.contains(each.code()));
  }
}
