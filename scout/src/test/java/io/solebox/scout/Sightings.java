package io.solebox.scout;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Sightings for tests. */
public final class Sightings {
  /** When all of it begins. */
  public static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

  private Sightings() {}

  public static Sighting of(String id, String site, Instant seen, String title, Sale sale) {
    return new Sighting(
        new ItemKey("ebay", id),
        site,
        Optional.empty(),
        seen,
        title,
        URI.create("https://example.org/itm/" + id),
        Optional.empty(),
        sale,
        Optional.empty(),
        new Shipping.Unknown(),
        Condition.USED,
        Optional.of(new Seller("seller", OptionalInt.of(500), OptionalDouble.of(99.8))),
        Optional.of("DE"),
        Map.of(),
        Optional.empty());
  }

  /** At a price, {@code minutes} after {@link #START}. */
  public static Sighting at(String id, int minutes, String price, String currency) {
    return of(
        id,
        "EBAY_DE",
        START.plusSeconds(60L * minutes),
        "NVIDIA Tesla V100 SXM2 32GB",
        new Sale.Fixed(Money.of(price, currency), false));
  }

  /** The same where the site says which currency it has worked its own out of. */
  public static Sighting shown(Sighting seen, String site, String amount, String currency) {
    return new Sighting(
        seen.key(),
        site,
        seen.group(),
        seen.seen(),
        seen.title(),
        seen.page(),
        seen.image(),
        seen.sale(),
        Optional.of(Money.of(amount, currency)),
        seen.shipping(),
        seen.condition(),
        seen.seller(),
        seen.country(),
        seen.aspects(),
        seen.listed());
  }
}
