package io.solebox.scout.judge;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.text.Text;
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
      Optional<Money> perUnit,
      Optional<Standing> standing,
      int pictureShownBy) {}

  private final TitleRules titles = new TitleRules();

  /** All that there are, those of figures first. */
  List<Suspicion> of(Case each) {
    List<Suspicion> all = new ArrayList<>(OddFigures.of(each));
    all.addAll(
        titles.of(
            Text.of(each.sighting().title()),
            each.sighting().condition(),
            each.card().map(CardMatch::units).orElse(1)));
    return all;
  }

  /** Whether a price is one that is asked for such a card, as far as suspicions go. */
  boolean pricesCount(List<Suspicion> suspicions) {
    return suspicions.stream()
        .allMatch(
            each -> !OddFigures.NO_PRICE.contains(each.code()) && titles.isPriced(each.code()));
  }
}
