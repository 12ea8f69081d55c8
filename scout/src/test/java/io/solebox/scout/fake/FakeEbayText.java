package io.solebox.scout.fake;

import io.solebox.engine.json.JsonWriter;
import io.solebox.scout.source.ebay.EbaySite;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the fake eBay says of things, in the members that the Browse API has. */
final class FakeEbayText {
  /** For one euro; each day a little more, so that rates move and prices do not. */
  private static final Map<String, String> RATES =
      Map.of(
          "EUR", "1", "USD", "1.10", "GBP", "0.85", "CHF", "0.95", "AUD", "1.65", "CAD", "1.50",
          "HKD", "8.60", "PLN", "4.30", "SGD", "1.45");

  private final JsonWriter json = new JsonWriter();

  byte[] bytes(Object value) {
    return json.bytes(value);
  }

  /** As a search shows it. */
  Map<String, Object> summary(FakeListing listing, EbaySite site, Instant now) {
    Map<String, Object> item = common(listing, site, now);
    item.put("legacyItemId", listing.id());
    item.put("priorityListing", false);
    item.put(
        "thumbnailImages",
        List.of(Map.of("imageUrl", "https://i.ebayimg.com/images/g/" + listing.id() + "/l.jpg")));
    if (!listing.variation().equals("0")) {
      item.put("itemGroupType", "SELLER_DEFINED_VARIATIONS");
      item.put(
          "itemGroupHref",
          "https://api.ebay.com/buy/browse/v1/item/get_items_by_item_group?item_group_id="
              + listing.id());
    }
    return item;
  }

  /** As it is shown when it is asked for. */
  Map<String, Object> item(FakeListing listing, EbaySite site, Instant now) {
    Map<String, Object> item = common(listing, site, now);
    boolean soldOut = listing.at(now).soldOut();
    item.put("legacyItemId", listing.id());
    item.put("brand", "NVIDIA");
    item.put(
        "estimatedAvailabilities",
        List.of(Map.of("estimatedAvailabilityStatus", soldOut ? "OUT_OF_STOCK" : "IN_STOCK")));
    item.put("localizedAspects", List.of(Map.of("type", "STRING", "name", "MPN", "value", "699")));
    item.put("itemEndDate", time(listing.until()));
    if (!listing.variation().equals("0")) {
      item.put("primaryItemGroup", Map.of("itemGroupId", listing.id()));
    }
    return item;
  }

  private static Map<String, Object> common(FakeListing listing, EbaySite site, Instant now) {
    FakeListing.Change state = listing.at(now);
    Map<String, Object> item = new LinkedHashMap<>();
    item.put("itemId", listing.itemId());
    item.put("title", listing.title());
    item.put("aMemberOfTomorrow", Map.of("with", List.of(1, 2)));
    if (listing.kind().contains("AUCTION")) {
      item.put("currentBidPrice", amount(state.amount(), listing.currency(), site, now));
      item.put("bidCount", state.bids());
      item.put("itemEndDate", time(listing.until()));
      listing
          .buyNow()
          .ifPresent(price -> item.put("price", amount(price, listing.currency(), site, now)));
    } else {
      item.put("price", amount(state.amount(), listing.currency(), site, now));
    }
    item.put("buyingOptions", List.copyOf(listing.kind()));
    item.put("condition", "Used");
    item.put("conditionId", listing.conditionId());
    item.put(
        "seller",
        Map.of(
            "username", listing.seller(),
            "feedbackScore", listing.score(),
            "feedbackPercentage", "99.1"));
    item.put("itemLocation", Map.of("country", listing.country(), "postalCode", "101**"));
    item.put(
        "shippingOptions",
        List.of(
            Map.of(
                "shippingCostType",
                "FIXED",
                "shippingCost",
                amount(new BigDecimal("9.00"), listing.currency(), site, now))));
    item.put("image", Map.of("imageUrl", "https://i.ebayimg.com/images/g/" + listing.id()));
    item.put(
        "itemWebUrl", "https://www." + site.host() + "/itm/" + listing.id() + "?hash=item" + site);
    item.put("itemCreationDate", time(listing.from()));
    return item;
  }

  static Map<String, Object> amount(
      BigDecimal amount, String currency, EbaySite site, Instant now) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("value", converted(amount, currency, site.currency(), now).toPlainString());
    shown.put("currency", site.currency());
    if (!currency.equals(site.currency())) {
      shown.put("convertedFromValue", amount.toPlainString());
      shown.put("convertedFromCurrency", currency);
    }
    return shown;
  }

  static BigDecimal converted(BigDecimal amount, String from, String to, Instant now) {
    if (from.equals(to)) {
      return amount;
    }
    long day = now.getEpochSecond() / (24 * 3600) % 10;
    return amount
        .multiply(new BigDecimal(RATES.get(to)))
        .multiply(BigDecimal.valueOf(1000 + day, 3))
        .divide(new BigDecimal(RATES.get(from)), 2, RoundingMode.HALF_UP);
  }

  byte[] limits(List<Map<String, Object>> resources) {
    return bytes(
        Map.of(
            "rateLimits",
            List.of(
                Map.of(
                    "apiContext", "buy",
                    "apiName", "Browse",
                    "apiVersion", "v1",
                    "resources", resources))));
  }

  static Map<String, Object> limit(String name, long limit, long used, Instant reset) {
    Map<String, Object> rate = new LinkedHashMap<>();
    rate.put("count", used);
    rate.put("limit", limit);
    rate.put("remaining", Math.max(0, limit - used));
    rate.put("reset", time(reset));
    rate.put("timeWindow", 86400);
    return Map.of("name", name, "rates", List.of(rate));
  }

  byte[] error(int id, String message) {
    return bytes(
        Map.of(
            "errors",
            new ArrayList<>(
                List.of(
                    Map.of(
                        "errorId",
                        id,
                        "domain",
                        "API_BROWSE",
                        "category",
                        "REQUEST",
                        "message",
                        message)))));
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }
}
