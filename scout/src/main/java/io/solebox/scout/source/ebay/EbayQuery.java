package io.solebox.scout.source.ebay;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.source.Search;
import io.solebox.scout.watch.Watch;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One search at one site, as the API wants it (eBay: item_summary/search, and its buy API field
 * filters).
 *
 * @param country to which things are to come
 */
record EbayQuery(EbaySite site, String words, Optional<Watch> watch, Optional<String> country) {
  /** The most of a page. */
  static final int PAGE = 200;

  /** How many things of one search it shows. */
  static final int MOST = 10_000;

  private static final Map<Condition, List<String>> CONDITIONS =
      Map.of(
          Condition.NEW, List.of("1000", "1500", "1750"),
          Condition.REFURBISHED, List.of("2000", "2010", "2020", "2030", "2500"),
          Condition.USED, List.of("2750", "2990", "3000", "3010", "4000", "5000", "6000"),
          Condition.FOR_PARTS, List.of("7000"));

  static EbayQuery of(EbaySite site, Search search, Optional<String> country) {
    return new EbayQuery(
        site,
        search.words(),
        search.watch(),
        search.watch().flatMap(Watch::shipsTo).or(() -> country));
  }

  /**
   * The page that begins after so many things.
   *
   * @param offset a multiple of {@value #PAGE}
   */
  String path(int offset) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (!words.isEmpty()) {
      parameters.put("q", words);
    }
    watch.flatMap(Watch::category).ifPresent(category -> parameters.put("category_ids", category));
    parameters.put("sort", "newlyListed");
    parameters.put("limit", Integer.toString(PAGE));
    parameters.put("offset", Integer.toString(offset));
    parameters.put("filter", String.join(",", filters()));
    StringBuilder path = new StringBuilder("/buy/browse/v1/item_summary/search");
    char separator = '?';
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      path.append(separator).append(parameter.getKey()).append('=');
      path.append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
      separator = '&';
    }
    return path.toString();
  }

  /** Where one is: prices of shipping are for there. */
  static Map<String, String> headers(EbaySite site, Optional<String> country) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("X-EBAY-C-MARKETPLACE-ID", site.name());
    country.ifPresent(
        code -> headers.put("X-EBAY-C-ENDUSERCTX", "contextualLocation=country%3D" + code));
    return headers;
  }

  Map<String, String> headers() {
    return headers(site, country);
  }

  private List<String> filters() {
    List<String> filters = new ArrayList<>();
    // Without it a search finds no auctions.
    filters.add("buyingOptions:{" + String.join("|", options()) + "}");
    watch.flatMap(Watch::price).ifPresent(band -> filters.addAll(prices(band)));
    watch.map(Watch::conditions).ifPresent(conditions -> filters.addAll(conditions(conditions)));
    watch.flatMap(Watch::shipsTo).ifPresent(code -> filters.add("deliveryCountry:" + code));
    Set<String> sellers = new TreeSet<>(watch.map(Watch::blockedSellers).orElse(Set.of()));
    sellers.removeIf(seller -> SellerKeys.isKey(seller) || !seller.matches("[\\w.*-]+"));
    if (!sellers.isEmpty()) {
      filters.add("excludeSellers:{" + String.join("|", sellers) + "}");
    }
    return filters;
  }

  private Set<String> options() {
    Set<Watch.Kind> kinds = watch.map(Watch::sales).orElse(Set.of());
    Set<String> options = new TreeSet<>();
    for (Watch.Kind kind : kinds.isEmpty() ? Set.of(Watch.Kind.values()) : kinds) {
      options.add(
          switch (kind) {
            case FIXED -> "FIXED_PRICE";
            case AUCTION -> "AUCTION";
            case OFFER -> "BEST_OFFER";
          });
    }
    return options;
  }

  /** At sites of the band's currency alone: elsewhere its numbers would mean something else. */
  private List<String> prices(Watch.Band band) {
    boolean isOfSite =
        band.least()
            .or(band::most)
            .map(Money::currency)
            .filter(site.currency()::equals)
            .isPresent();
    return isOfSite
        ? List.of(
            "price:[%s..%s]".formatted(digits(band.least()), digits(band.most())),
            "priceCurrency:" + site.currency())
        : List.of();
  }

  private static String digits(Optional<Money> money) {
    return money.map(some -> some.amount().toPlainString()).orElse("");
  }

  /** None where things without a condition are wanted, too: a filter would leave them out. */
  private static List<String> conditions(Set<Condition> conditions) {
    if (conditions.isEmpty() || conditions.contains(Condition.UNKNOWN)) {
      return List.of();
    }
    Set<String> ids = new TreeSet<>();
    conditions.forEach(condition -> ids.addAll(CONDITIONS.get(condition)));
    return List.of("conditionIds:{" + String.join("|", ids) + "}");
  }
}
