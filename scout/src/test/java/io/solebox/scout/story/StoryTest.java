package io.solebox.scout.story;

import static io.solebox.scout.Sightings.START;
import static io.solebox.scout.Sightings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.Sightings;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What of the sightings of one thing is news. */
class StoryTest {
  /** Tells sightings in their order and returns what happened, as {@code NEW 1}. */
  private static List<String> told(Sighting... sightings) {
    List<String> told = new ArrayList<>();
    Optional<Item> item = Optional.empty();
    for (Sighting seen : sightings) {
      Story.Next next = Story.of(item, Optional.empty(), seen);
      next.events().forEach(event -> told.add(event.happening() + " " + event.count()));
      item = Optional.of(next.item());
    }
    return told;
  }

  @Test
  void theSameAgainIsNoNews() {
    assertEquals(List.of("NEW 1"), told(at("1", 0, "400", "EUR"), at("1", 5, "400.00", "EUR")));
  }

  @Test
  void aLowerPriceIsToldOnceHoweverOftenItFlips() {
    assertEquals(
        List.of("NEW 1", "PRICE_DROP 1", "PRICE_DROP 2"),
        told(
            at("1", 0, "400", "EUR"),
            at("1", 1, "360", "EUR"),
            at("1", 2, "400", "EUR"),
            at("1", 3, "360", "EUR"),
            at("1", 4, "430", "EUR"),
            at("1", 5, "350", "EUR")));
  }

  @Test
  void smallStepsAreToldWhenTheyHaveAddedUp() {
    assertEquals(
        List.of("NEW 1", "PRICE_DROP 1"),
        told(
            at("1", 0, "400", "EUR"),
            at("1", 1, "398", "EUR"),
            at("1", 2, "396.50", "EUR"),
            at("1", 3, "396", "EUR")));
  }

  /** One item on three sites: two show their own money, worked out of the seller's each day. */
  @Test
  void theRateOfTheDayIsNoChangeOfAPrice() {
    Sighting seen = at("1", 0, "500", "USD");
    assertEquals(
        List.of("NEW 1"),
        told(
            seen,
            Sightings.shown(at("1", 1, "500", "USD"), "EBAY_DE", "430.11", "EUR"),
            Sightings.shown(at("1", 2, "500", "USD"), "EBAY_GB", "371.00", "GBP"),
            Sightings.shown(at("1", 3, "500", "USD"), "EBAY_DE", "401.92", "EUR")));
  }

  @Test
  void theSellersCurrencyCountsOnceASiteSaysIt() {
    assertEquals(
        List.of("NEW 1", "PRICE_DROP 1"),
        told(
            at("1", 0, "430", "EUR"), // a site that does not say what it has worked it out of
            Sightings.shown(at("1", 1, "500", "USD"), "EBAY_DE", "430", "EUR"),
            at("1", 2, "300", "EUR"), // another currency, of which nothing is known
            at("1", 3, "450", "USD")));
  }

  @Test
  void bidsAreNoPrices() {
    Sale.Auction first =
        new Sale.Auction(
            Money.of("100", "EUR"), 1, START.plus(Duration.ofDays(3)), Optional.empty());
    Sale.Auction later =
        new Sale.Auction(
            Money.of("50", "EUR"), 0, START.plus(Duration.ofDays(3)), Optional.empty());
    assertEquals(
        List.of("NEW 1"),
        told(
            Sightings.of("1", "EBAY_DE", START, "V100", first),
            Sightings.of("1", "EBAY_DE", START.plusSeconds(60), "V100", later)));
  }

  @Test
  void anAuctionIsToldOfOnceBeforeItsEnd() {
    Sale.Auction sale =
        new Sale.Auction(
            Money.of("100", "EUR"), 1, START.plus(Duration.ofHours(5)), Optional.empty());
    List<Sighting> seen = new ArrayList<>();
    for (int hour = 0; hour < 7; hour++) {
      seen.add(Sightings.of("1", "EBAY_DE", START.plus(Duration.ofHours(hour)), "V100", sale));
    }
    assertEquals(List.of("NEW 1", "ENDING 1"), told(seen.toArray(Sighting[]::new)));
  }

  @Test
  void whatIsGoneComesBack() {
    Item item = Story.of(Optional.empty(), Optional.empty(), at("1", 0, "400", "EUR")).item();
    Item gone = item.ended(START.plusSeconds(600));
    Story.Next next = Story.of(Optional.of(gone), Optional.empty(), at("1", 20, "300", "EUR"));
    assertEquals(1, next.events().size());
    assertEquals(Happening.BACK, next.events().getFirst().happening());
    assertEquals(Optional.of(Money.of("400", "EUR")), next.events().getFirst().before());
    assertTrue(next.item().gone().isEmpty());
    Story.Next relisted = Story.of(Optional.empty(), Optional.of(gone), at("2", 20, "390", "EUR"));
    assertEquals(
        List.of(Happening.BACK), relisted.events().stream().map(Event::happening).toList());
  }

  @Test
  void aClockThatIsSetBackMakesNothingOlder() {
    Item item = Story.of(Optional.empty(), Optional.empty(), at("1", 60, "400", "EUR")).item();
    Item later = Story.of(Optional.of(item), Optional.empty(), at("1", 0, "400", "EUR")).item();
    assertEquals(START.plusSeconds(3600), later.looked());
  }
}
