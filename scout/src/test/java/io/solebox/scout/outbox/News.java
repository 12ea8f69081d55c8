package io.solebox.scout.outbox;

import io.solebox.scout.Sightings;
import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import io.solebox.scout.judge.Suspicion;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.story.Event;
import io.solebox.scout.story.Happening;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Notices for tests. */
public final class News {
  public static final Instant NOON = Sightings.START;

  private News() {}

  /** Of a new thing. */
  public static Notice of(int number, Instant at) {
    return of(number, Happening.NEW, at);
  }

  public static Notice of(int number, Happening happening, Instant at) {
    Sighting seen = Sightings.at(Integer.toString(number), 0, "400.00", "EUR");
    return new Notice(
        "key-" + number,
        "watch",
        new Event(happening, seen, Optional.empty(), 1, at),
        Judgement.NONE);
  }

  /** Whose seller writes what sellers write. */
  public static Notice titled(int number, String title) {
    Sighting seen =
        Sightings.of(
            Integer.toString(number),
            "EBAY_DE",
            NOON,
            title,
            new Sale.Fixed(Money.of("400", "EUR"), true));
    return new Notice(
        "key-" + number,
        "watch",
        new Event(Happening.NEW, seen, Optional.of(Money.of("500", "EUR")), 1, NOON),
        full(title));
  }

  /** All that there is to say, with words of the title in it. */
  private static Judgement full(String title) {
    Money money = Money.of("13.333333", "EUR");
    return new Judgement(
        Optional.of(new CardMatch("V100-SXM2-32GB", 2, "title")),
        Optional.of(money),
        Optional.of(money),
        Optional.of(money),
        Optional.of(new Standing(-2.5, Money.of("20", "EUR"), 42)),
        Optional.empty(),
        List.of(new Suspicion("TITLE", "the title says " + title)),
        List.of(new Judgement.Outlook("tokens", "13B model", "20 to 30 tokens/s", "bandwidth")));
  }
}
