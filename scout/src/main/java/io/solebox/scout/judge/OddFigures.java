package io.solebox.scout.judge;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Suspicions that come from figures: prices, sellers, shipping, pictures. */
final class OddFigures {
  /** What is asked there is not what such cards cost. */
  static final Set<String> NO_PRICE = Set.of("PLACEHOLDER_PRICE", "SHIPPING_DEAR");

  /** So far below the median a price is not only low. */
  private static final double FAR_SCORE = -3.5;

  /** And so small a share of it: where all ask about the same, little is far. */
  private static final double FAR_SHARE = 0.6;

  /** Below that share it is far whatever others ask. */
  private static final double ANY_SHARE = 0.3;

  private static final int NEW_SELLER = 10;
  private static final double LOW_PERCENT = 95;
  private static final Set<Condition> WHOLE =
      Set.of(Condition.NEW, Condition.REFURBISHED, Condition.USED, Condition.UNKNOWN);

  private OddFigures() {}

  static List<Suspicion> of(Suspicions.Case each) {
    List<Suspicion> all = new ArrayList<>();
    price(each).ifPresent(all::add);
    placeholder(each.sighting()).ifPresent(all::add);
    each.sighting().seller().flatMap(OddFigures::seller).ifPresent(all::add);
    shipping(each).ifPresent(all::add);
    if (each.pictureShownBy() > 0) {
      all.add(
          new Suspicion(
              "PICTURE_REUSED",
              each.pictureShownBy() == 1
                  ? "Another seller has shown the same picture."
                  : "%d other sellers have shown the same picture."
                      .formatted(each.pictureShownBy())));
    }
    return all;
  }

  private static double share(Money price, Standing standing) {
    return price.amount().doubleValue() / standing.median().amount().doubleValue();
  }

  /** What is bid so far is low by nature. */
  private static boolean isBid(Sale sale) {
    return switch (sale) {
      case Sale.Auction(_, _, _, Optional<Money> buyNow) -> buyNow.isEmpty();
      case Sale.Fixed _, Sale.Unpriced _ -> false;
    };
  }

  private static boolean isFarBelow(Suspicions.Case each) {
    if (each.perUnit().isEmpty() || each.standing().isEmpty() || isBid(each.sighting().sale())) {
      return false;
    }
    Standing standing = each.standing().get();
    double share = share(each.perUnit().get(), standing);
    return share < ANY_SHARE || (share < FAR_SHARE && standing.score() < FAR_SCORE);
  }

  private static Optional<Suspicion> price(Suspicions.Case each) {
    if (!isFarBelow(each) || !WHOLE.contains(each.sighting().condition())) {
      return Optional.empty();
    }
    Money price = each.perUnit().orElseThrow();
    Standing standing = each.standing().orElseThrow();
    return Optional.of(
        new Suspicion(
            "PRICE_FAR_BELOW",
            String.format(
                Locale.ROOT,
                "%s is %.0f %% of the usual %s (%d prices seen, %.1f deviations below).",
                price,
                100 * share(price, standing),
                standing.median(),
                standing.seen(),
                -standing.score())));
  }

  /** Who asks one of anything and takes offers has named no price. */
  private static Optional<Suspicion> placeholder(Sighting sighting) {
    return switch (sighting.sale()) {
      case Sale.Fixed(Money price, boolean offers)
          when offers && price.amount().compareTo(BigDecimal.ONE) <= 0 ->
          Optional.of(
              new Suspicion(
                  "PLACEHOLDER_PRICE",
                  "%s with offers is no price: it stands there to be found.".formatted(price)));
      case Sale.Fixed _, Sale.Auction _, Sale.Unpriced _ -> Optional.empty();
    };
  }

  private static Optional<Suspicion> seller(Seller seller) {
    if (seller.score().isPresent() && seller.score().getAsInt() < NEW_SELLER) {
      return Optional.of(
          new Suspicion(
              "NEW_SELLER",
              "The seller is new: %d ratings, and fewer than %d say little."
                  .formatted(seller.score().getAsInt(), NEW_SELLER)));
    }
    if (seller.positivePercent().isPresent()
        && seller.positivePercent().getAsDouble() < LOW_PERCENT) {
      return Optional.of(
          new Suspicion(
              "LOW_RATING",
              String.format(
                  Locale.ROOT,
                  "%.1f %% of the seller's ratings are good, which is below %.0f %%.",
                  seller.positivePercent().getAsDouble(),
                  LOW_PERCENT)));
    }
    return Optional.empty();
  }

  private static Optional<Suspicion> shipping(Suspicions.Case each) {
    Optional<Money> asked = each.sighting().sale().asked();
    return switch (each.sighting().shipping()) {
      case Shipping.Costs(Money costs) when costs.amount().signum() == 0 && isFarBelow(each) ->
          Optional.of(
              new Suspicion(
                  "SHIPPING_TOO_GOOD",
                  "Shipping is free, and the price is far below: who sells at that price seldom pays the parcel too."));
      case Shipping.Costs(Money costs)
          when asked.filter(costs::isComparableWith).isPresent()
              && !isBid(each.sighting().sale())
              && costs.compareTo(asked.orElseThrow()) > 0 ->
          Optional.of(
              new Suspicion(
                  "SHIPPING_DEAR",
                  "Shipping costs %s, more than the %s that are asked for the thing."
                      .formatted(costs, asked.orElseThrow())));
      case Shipping.None _ when isFarBelow(each) ->
          Optional.of(
              new Suspicion(
                  "PICKUP_TOO_GOOD",
                  "It is not sent, and the price is far below: such things are often not there to be fetched."));
      case Shipping.Costs _, Shipping.Calculated _, Shipping.None _, Shipping.Unknown _ ->
          Optional.empty();
    };
  }
}
