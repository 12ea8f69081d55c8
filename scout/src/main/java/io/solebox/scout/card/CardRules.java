package io.solebox.scout.card;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.text.Text;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Tells from titles and aspects which card of the table a thing is, and how many are sold. */
public final class CardRules {
  private final Map<String, Part> cards = new LinkedHashMap<>();

  /** Reads rules and table. */
  public CardRules() {
    PartTable.cards().parts().forEach(each -> cards.put(each.key(), each));
  }

  /** Reads what a source says of a thing. */
  public Reading read(Sighting sighting) {
    Text title = Text.of(sighting.title());
    Text aspects = Text.of(String.join(" ; ", sighting.aspects().values()));
    Optional<CardMatch> card = identify(sighting.title(), sighting.aspects());
    return new Reading(
        title,
        aspects,
        card,
        card.map(CardMatch::reason).orElse("no card of the table is named"),
        false,
        card.flatMap(
            match ->
                sighting
                    .sale()
                    .asked()
                    .map(asked -> UnitPrices.of(asked, match.units(), cards.get(match.card())))));
  }

  /** The card that a title is of; empty where it is none, or not clear which. */
  public Optional<CardMatch> identify(String title, Map<String, String> aspects) {
    Text text = Text.of(title + " ; " + String.join(" ; ", aspects.values()));
    return cards.keySet().stream()
        .filter(key -> Text.of(key).words().stream().allMatch(text::has))
        .map(key -> new CardMatch(key, 1, "its title has all words of the name"))
        .findFirst();
  }
}
