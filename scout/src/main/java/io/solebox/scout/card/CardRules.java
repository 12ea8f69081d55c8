package io.solebox.scout.card;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.scout.card.Names.Mention;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.text.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells from titles and aspects which card of the table a thing is, and how many are sold. The
 * rules are data, {@code rules.toml}. Where a title leaves open which of several models it means,
 * as {@code V100} without its memory, and the aspects do, too, it is none: a price would be held
 * against the wrong ones. Keeps nothing of what it reads, so many may use it at a time.
 */
public final class CardRules {
  private sealed interface Answer {
    record Card(CardMatch match) implements Answer {}

    record None(String reason) implements Answer {}
  }

  private final Map<String, Part> cards = new HashMap<>();
  private final RuleBook rules = new RuleBook();
  private final Names names = new Names(rules);
  private final Purpose purpose = new Purpose(rules);
  private final Units units = new Units(rules);

  /** Reads rules and table. */
  public CardRules() {
    PartTable.cards().parts().forEach(each -> cards.put(each.key(), each));
  }

  /** Reads what a source says of a thing: once, for all watches. */
  public Reading read(Sighting sighting) {
    Text aspects = values(sighting.aspects());
    Text title = Text.of(sighting.title());
    boolean forParts = rules.list("for_parts").isIn(title);
    return switch (answer(sighting.title(), title, aspects)) {
      case Answer.None(String reason) ->
          new Reading(title, aspects, Optional.empty(), reason, forParts, Optional.empty());
      case Answer.Card(CardMatch match) ->
          new Reading(
              title,
              aspects,
              Optional.of(match),
              match.reason(),
              forParts,
              sighting
                  .sale()
                  .asked()
                  .map(asked -> UnitPrices.of(asked, match.units(), cards.get(match.card()))));
    };
  }

  /** The card that a title is of; empty where it is none, or not clear which. */
  public Optional<CardMatch> identify(String title, Map<String, String> aspects) {
    return answer(title, Text.of(title), values(aspects)) instanceof Answer.Card(CardMatch match)
        ? Optional.of(match)
        : Optional.empty();
  }

  private static Text values(Map<String, String> aspects) {
    return Text.of(String.join(" ; ", aspects.values()));
  }

  private Answer answer(String written, Text read, Text aspects) {
    String split = rules.split(written);
    Text title = split.equals(written) ? read : Text.of(split);
    List<Mention> mentions = names.in(title);
    Set<String> families =
        mentions.stream().map(each -> each.family().name()).collect(Collectors.toSet());
    if (families.size() > 1) {
      return new Answer.None("its title names several cards: " + String.join(", ", families));
    }
    Optional<String> family = families.stream().findFirst().or(() -> Models.familyOf(rules, title));
    if (family.isEmpty()) {
      return new Answer.None("its title names no card that is known");
    }
    int first = mentions.isEmpty() ? 0 : mentions.getFirst().from();
    return answer(title, aspects, family.get(), first);
  }

  private Answer answer(Text title, Text aspects, String family, int first) {
    Models models = new Models(rules, family);
    boolean memory = models.hasMemory(title);
    Optional<String> whyNone = purpose.whyNone(title, first, memory);
    if (whyNone.isPresent()) {
      return new Answer.None(whyNone.get());
    }
    if (!memory && !rules.list("context").isIn(title)) {
      return new Answer.None("nothing but " + family + " says that it is a card");
    }
    models.narrow(title);
    if (!models.isClear()) {
      models.narrow(aspects);
    }
    return models
        .key()
        .<Answer>map(
            key -> new Answer.Card(new CardMatch(key, units.of(title, first), models.reason())))
        .orElseGet(() -> new Answer.None(models.reason()));
  }
}
