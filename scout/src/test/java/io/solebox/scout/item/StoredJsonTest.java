package io.solebox.scout.item;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.scout.story.Event;
import io.solebox.scout.story.Happening;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What the scout stores comes back as it was. */
class StoredJsonTest {
  private static Sighting sighting(Sale sale, Shipping shipping) {
    return new Sighting(
        new ItemKey("ebay", "110", "3"),
        "EBAY_DE",
        Optional.of("9"),
        Instant.parse("2026-11-30T12:00:00.123Z"),
        "V100 \"32 GB\" 😀 <b>@everyone</b>",
        URI.create("https://example.org/itm/110"),
        Optional.empty(),
        sale,
        Optional.of(Money.of("399.90", "EUR")),
        shipping,
        Condition.USED,
        Optional.of(new Seller("k", OptionalInt.of(3), OptionalDouble.empty())),
        Optional.of("DE"),
        Map.of("MPN", "699-2G503-0203-200"),
        Optional.empty());
  }

  @Test
  void everyKindOfSaleAndShippingComesBack() {
    Money price = Money.of("420.00", "USD");
    Instant ends = Instant.parse("2026-12-01T00:00:00Z");
    for (Sale sale :
        new Sale[] {
          new Sale.Fixed(price, true),
          new Sale.Auction(price, 4, ends, Optional.of(Money.of("500", "USD"))),
          new Sale.Unpriced()
        }) {
      for (Shipping shipping :
          new Shipping[] {
            new Shipping.Costs(price),
            new Shipping.Calculated(),
            new Shipping.None(),
            new Shipping.Unknown()
          }) {
        Sighting seen = sighting(sale, shipping);
        assertEquals(seen, StoredJson.read(StoredJson.text(seen), Sighting.class));
        Event event = new Event(Happening.PRICE_DROP, seen, Optional.of(price), 2, ends);
        assertEquals(event, StoredJson.read(StoredJson.text(event), Event.class));
      }
    }
  }

  @Test
  void whatIsNoneIsRefusedWithoutBeingShown() {
    for (String bad : new String[] {"", "{", "[]", "null", "{}", "{\"key\":3}", "\"secret\""}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> StoredJson.read(bad, Sighting.class), bad);
      assertEquals("no Sighting as it is stored", refused.getMessage());
    }
  }

  @Test
  void whatWouldFillMemoryOrNoCalendarIsNotTaken() {
    for (String amount : new String[] {"1e999999999", "1e-999999999", "9".repeat(200), "-1"}) {
      assertThrows(IllegalArgumentException.class, () -> Money.of(amount, "EUR"), amount);
    }
    Sighting plain = sighting(new Sale.Unpriced(), new Shipping.None());
    Sighting seen =
        new Sighting(
            plain.key(),
            plain.site(),
            plain.group(),
            plain.seen(),
            plain.title(),
            plain.page(),
            plain.image(),
            plain.sale(),
            plain.shown(),
            plain.shipping(),
            plain.condition(),
            plain.seller(),
            plain.country(),
            Map.of("MPN", "x".repeat(100_000)),
            Optional.of(Instant.MAX));
    assertEquals(Optional.empty(), seen.listed());
    assertEquals(Sighting.MAX_TITLE, seen.aspects().get("MPN").length());
  }
}
