package io.solebox.scout.source.ebay;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What eBay says of one thing, in a search or when it is asked for, as a sighting. Members that are
 * not known are passed over. Nothing of a seller is taken but how it is rated and what stands for
 * its name.
 */
final class EbayItems {
  static final String MARKET = "ebay";

  private static final int MOST_ASPECTS = 40;

  private final SellerKeys sellers;
  private final EbayMoney money;
  private final Missing missing;

  EbayItems(SellerKeys sellers, Missing missing) {
    this.sellers = sellers;
    this.missing = missing;
    this.money = new EbayMoney(missing);
  }

  /** Its key: the number that all sites know, and that of the variation. */
  Optional<ItemKey> key(Map<?, ?> item) {
    List<String> parts =
        EbayText.text(item, "itemId").map(id -> List.of(id.split("\\|", -1))).orElse(List.of());
    Optional<String> legacy =
        EbayText.text(item, "legacyItemId")
            .or(() -> parts.size() >= 2 ? Optional.of(parts.get(1)) : Optional.empty())
            .filter(id -> !id.isBlank());
    if (legacy.isEmpty()) {
      missing.note("legacyItemId and itemId", "such things are passed over");
    }
    String variation = parts.size() >= 3 && !parts.get(2).equals("0") ? parts.get(2) : "";
    return legacy.map(id -> new ItemKey(MARKET, id, variation));
  }

  /** How eBay calls a key. */
  static String itemId(ItemKey key) {
    return "v1|" + key.id() + "|" + (key.variation().isEmpty() ? "0" : key.variation());
  }

  /** Whether it can no longer be bought: its end has passed, or none is left. */
  static boolean isGone(Map<?, ?> item, Instant now) {
    if (EbayText.instant(item.get("itemEndDate")).filter(end -> !end.isAfter(now)).isPresent()) {
      return true;
    }
    List<Map<?, ?>> stock = EbayText.maps(item.get("estimatedAvailabilities"));
    return !stock.isEmpty()
        && stock.stream()
            .allMatch(some -> "OUT_OF_STOCK".equals(some.get("estimatedAvailabilityStatus")));
  }

  /**
   * @param country to which it is to come
   */
  Optional<Sighting> sighting(
      Map<?, ?> item, EbaySite site, Optional<String> country, Instant seen) {
    Optional<ItemKey> key = key(item);
    Optional<String> title = EbayText.text(item, "title");
    if (title.isEmpty()) {
      missing.note("title", "such things are passed over");
    }
    if (key.isEmpty() || title.isEmpty()) {
      return Optional.empty();
    }
    Optional<Sale> sale = money.sale(item);
    return sale.map(
        sold ->
            new Sighting(
                key.get(),
                site.name(),
                group(item, key.get()),
                seen,
                title.get(),
                page(item, site, key.get()),
                image(item),
                sold,
                money.shown(item),
                money.shipping(item, country),
                condition(EbayText.text(item, "conditionId").orElse("")),
                seller(EbayText.map(item, "seller")),
                EbayText.text(EbayText.map(item, "itemLocation"), "country"),
                aspects(item),
                EbayText.instant(item.get("itemCreationDate"))));
  }

  private static Optional<String> group(Map<?, ?> item, ItemKey key) {
    return EbayText.text(EbayText.map(item, "primaryItemGroup"), "itemGroupId")
        .or(
            () ->
                EbayText.text(item, "itemGroupHref")
                    .filter(href -> href.contains("item_group_id="))
                    .map(href -> href.replaceFirst("^.*item_group_id=([^&]*).*$", "$1")))
        .or(() -> key.variation().isEmpty() ? Optional.empty() : Optional.of(key.id()));
  }

  /** Of eBay, without what it says of how one came there. */
  private static URI page(Map<?, ?> item, EbaySite site, ItemKey key) {
    return EbayText.web(EbayText.text(item, "itemWebUrl"))
        .filter(uri -> ("." + uri.getHost()).endsWith("." + site.host()))
        .map(uri -> URI.create("https://" + uri.getHost() + uri.getRawPath()))
        .orElseGet(
            () ->
                URI.create(
                    "https://www." + site.host() + "/itm/" + key.id().replaceAll("[^0-9]", "")));
  }

  private static Optional<URI> image(Map<?, ?> item) {
    return EbayText.web(EbayText.text(EbayText.map(item, "image"), "imageUrl"))
        .or(
            () ->
                EbayText.maps(item.get("thumbnailImages")).stream()
                    .findFirst()
                    .flatMap(image -> EbayText.web(EbayText.text(image, "imageUrl"))));
  }

  /** By eBay's numbers of conditions (eBay: item condition ids and names). */
  static Condition condition(String id) {
    return switch (id) {
      case "1000", "1500", "1750" -> Condition.NEW;
      case "2000", "2010", "2020", "2030", "2500" -> Condition.REFURBISHED;
      case "2750", "2990", "3000", "3010", "4000", "5000", "6000" -> Condition.USED;
      case "7000" -> Condition.FOR_PARTS;
      default -> Condition.UNKNOWN;
    };
  }

  private Optional<Seller> seller(Map<?, ?> seller) {
    Optional<String> name = EbayText.text(seller, "username");
    if (name.isEmpty()) {
      missing.note("seller.username", "sellers cannot be told apart");
    }
    OptionalInt score =
        seller.get("feedbackScore") instanceof Number number
            ? OptionalInt.of(number.intValue())
            : OptionalInt.empty();
    return name.map(
        known ->
            new Seller(
                sellers.of(known), score, percent(EbayText.text(seller, "feedbackPercentage"))));
  }

  private static OptionalDouble percent(Optional<String> text) {
    try {
      double percent = Double.parseDouble(text.orElse("NaN"));
      return percent >= 0 && percent <= 100 ? OptionalDouble.of(percent) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }

  private static Map<String, String> aspects(Map<?, ?> item) {
    Map<String, String> aspects = new HashMap<>();
    EbayText.text(item, "brand").ifPresent(brand -> aspects.put("Brand", brand));
    EbayText.text(item, "mpn").ifPresent(number -> aspects.put("MPN", number));
    for (Map<?, ?> aspect : EbayText.maps(item.get("localizedAspects"))) {
      Optional<String> value = EbayText.text(aspect, "value");
      if (value.isPresent() && aspects.size() < MOST_ASPECTS) {
        EbayText.text(aspect, "name").ifPresent(name -> aspects.putIfAbsent(name, value.get()));
      }
    }
    return aspects;
  }
}
