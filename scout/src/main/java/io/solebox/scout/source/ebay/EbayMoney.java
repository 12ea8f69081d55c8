package io.solebox.scout.source.ebay;

import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Shipping;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a thing costs. A site shows prices in its own currency, and beside them, in {@code
 * convertedFromValue} and {@code convertedFromCurrency}, what the seller asks in the seller's: that
 * is the price, since the other moves with the day's rate.
 */
final class EbayMoney {
  private static final Pattern AMOUNT = Pattern.compile("\\d{1,12}(\\.\\d{1,6})?");

  private final Missing missing;

  EbayMoney(Missing missing) {
    this.missing = missing;
  }

  /** Empty where it cannot be said how it is sold; that is noted. */
  Optional<Sale> sale(Map<?, ?> item) {
    List<String> options = EbayText.texts(item.get("buyingOptions"));
    Optional<Money> price = sellers(EbayText.map(item, "price"));
    if (options.contains("AUCTION")) {
      return auction(item, options, price);
    }
    if (price.isEmpty()) {
      missing.note("price", "such things are kept without one");
      return Optional.of(new Sale.Unpriced());
    }
    return Optional.of(new Sale.Fixed(price.get(), options.contains("BEST_OFFER")));
  }

  private Optional<Sale> auction(Map<?, ?> item, List<String> options, Optional<Money> price) {
    Optional<Instant> ends = EbayText.instant(item.get("itemEndDate"));
    Optional<Money> bid =
        sellers(EbayText.map(item, "currentBidPrice"))
            .or(() -> sellers(EbayText.map(item, "minimumPriceToBid")))
            .or(() -> options.contains("FIXED_PRICE") ? Optional.empty() : price);
    if (ends.isEmpty()) {
      missing.note("itemEndDate of an auction", "such auctions are passed over");
    }
    if (bid.isEmpty()) {
      missing.note("currentBidPrice of an auction", "such auctions are passed over");
    }
    if (ends.isEmpty() || bid.isEmpty()) {
      return Optional.empty();
    }
    int bids = item.get("bidCount") instanceof Number count ? Math.max(0, count.intValue()) : 0;
    Optional<Money> buyNow = options.contains("FIXED_PRICE") ? price : Optional.empty();
    return Optional.of(new Sale.Auction(bid.get(), bids, ends.get(), buyNow));
  }

  /** As the site shows it, where that is another currency than the seller's. */
  Optional<Money> shown(Map<?, ?> item) {
    Map<?, ?> price =
        EbayText.map(item, item.get("price") instanceof Map ? "price" : "currentBidPrice");
    return price.containsKey("convertedFromValue")
        ? money(price, "value", "currency")
        : Optional.empty();
  }

  /** What the cheapest way costs to the country that was asked for, in the seller's currency. */
  Shipping shipping(Map<?, ?> item, Optional<String> country) {
    Map<?, ?> where = EbayText.map(item, "shipToLocations");
    if (country.isPresent() && isLeftOut(where, country.get())) {
      return new Shipping.None();
    }
    List<Map<?, ?>> options = EbayText.maps(item.get("shippingOptions"));
    Optional<Money> least =
        options.stream()
            .flatMap(option -> sellers(EbayText.map(option, "shippingCost")).stream())
            .min(Comparator.comparing(Money::amount));
    if (least.isPresent()) {
      return new Shipping.Costs(least.get());
    }
    return options.stream().anyMatch(option -> "CALCULATED".equals(option.get("shippingCostType")))
        ? new Shipping.Calculated()
        : new Shipping.Unknown();
  }

  /** Where only countries are named, a country that is not among them; regions may hold it. */
  private static boolean isLeftOut(Map<?, ?> where, String country) {
    List<Map<?, ?>> excluded = EbayText.maps(where.get("regionExcluded"));
    List<Map<?, ?>> included = EbayText.maps(where.get("regionIncluded"));
    return excluded.stream().anyMatch(region -> isCountry(region, country))
        || (!included.isEmpty()
            && included.stream().allMatch(region -> "COUNTRY".equals(region.get("regionType")))
            && included.stream().noneMatch(region -> isCountry(region, country)));
  }

  private static boolean isCountry(Map<?, ?> region, String country) {
    return "COUNTRY".equals(region.get("regionType")) && country.equals(region.get("regionId"));
  }

  private static Optional<Money> sellers(Map<?, ?> amount) {
    return money(amount, "convertedFromValue", "convertedFromCurrency")
        .or(() -> money(amount, "value", "currency"));
  }

  private static Optional<Money> money(Map<?, ?> amount, String value, String currency) {
    Optional<String> digits =
        EbayText.text(amount, value).filter(text -> AMOUNT.matcher(text).matches());
    Optional<String> code = EbayText.text(amount, currency);
    try {
      return digits.isPresent() && code.isPresent()
          ? Optional.of(new Money(new BigDecimal(digits.get()), code.get()))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no code of a currency
    }
  }
}
