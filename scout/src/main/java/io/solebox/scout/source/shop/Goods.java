package io.solebox.scout.source.shop;

import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.shop.ShopMapping.Field;
import io.solebox.scout.source.web.PlainText;
import io.solebox.scout.source.web.Prices;
import io.solebox.scout.source.web.WebLinks;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes sightings of the things of one shop, and counts what is not where the mapping says. */
final class Goods {
  private final Shop shop;
  private final Instant now;
  private final Map<Field, Integer> missing = new EnumMap<>(Field.class);
  private int things;

  Goods(Shop shop, Instant now) {
    this.shop = shop;
    this.now = now;
  }

  /** One thing; empty where it is sold out, or has no key, title or address. */
  Optional<Sighting> sighting(Object thing, URI from) {
    things++;
    Optional<String> key = text(Field.KEY, thing);
    Optional<String> title = text(Field.TITLE, thing).map(PlainText::of);
    Optional<URI> page = page(thing, key, from);
    Sale sale = sale(thing);
    Condition condition = condition(text(Field.CONDITION, thing).orElse(""));
    Optional<URI> image = text(Field.IMAGE, thing).flatMap(it -> WebLinks.of(from, it));
    Optional<String> country =
        text(Field.COUNTRY, thing).filter(it -> it.matches("[A-Z]{2}")).or(shop::country);
    Map<String, String> aspects =
        text(Field.MPN, thing).map(it -> Map.of("MPN", it)).orElse(Map.of());
    if (key.isEmpty() || title.isEmpty() || page.isEmpty() || isSoldOut(thing)) {
      return Optional.empty();
    }
    return Optional.of(
        new Sighting(
            new ItemKey(shop.name(), WebLinks.id(key.get())),
            shop.name(),
            Optional.empty(),
            now,
            title.get(),
            page.get(),
            image,
            sale,
            Optional.empty(),
            new Shipping.Unknown(),
            condition,
            Optional.empty(),
            country,
            aspects,
            Optional.empty()));
  }

  /** A sentence for each field that was not always there. */
  List<String> notes() {
    return missing.entrySet().stream()
        .map(
            each ->
                "'%s' (%s) is missing in %d of %d things."
                    .formatted(
                        shop.mapping().fields().get(each.getKey()).text(),
                        each.getKey().written(),
                        each.getValue(),
                        things))
        .toList();
  }

  private Optional<String> text(Field field, Object thing) {
    Optional<Pointer> pointer = Optional.ofNullable(shop.mapping().fields().get(field));
    Optional<String> text = pointer.flatMap(it -> it.scalar(thing));
    if (pointer.isPresent() && text.isEmpty()) {
      missing.merge(field, 1, Integer::sum);
    }
    return text;
  }

  private Optional<URI> page(Object thing, Optional<String> key, URI from) {
    return text(Field.LINK, thing)
        .flatMap(it -> WebLinks.of(from, it))
        .or(
            () ->
                shop.mapping()
                    .page()
                    .flatMap(
                        page ->
                            key.flatMap(
                                it -> WebLinks.of(from, page.replace("{key}", encoded(it))))));
  }

  private static String encoded(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Sale sale(Object thing) {
    Optional<String> currency =
        text(Field.CURRENCY, thing).flatMap(ShopMapping::code).or(shop.mapping()::currency);
    return text(Field.PRICE, thing)
        .flatMap(it -> money(it, currency))
        .<Sale>map(price -> new Sale.Fixed(price, false))
        .orElseGet(Sale.Unpriced::new);
  }

  private static Optional<Money> money(String text, Optional<String> currency) {
    if (text.matches("\\d{1,12}(\\.\\d{1,6})?")) {
      return currency
          .map(it -> new Money(new BigDecimal(text), it))
          .filter(it -> it.amount().signum() > 0);
    }
    return Prices.first(text, currency);
  }

  private boolean isSoldOut(Object thing) {
    String stock = text(Field.STOCK, thing).orElse("").toLowerCase(Locale.ROOT);
    return stock.equals("false") || stock.equals("0") || stock.startsWith("out");
  }

  private static Condition condition(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.contains("part") || word.contains("defe") || word.contains("broken")) {
      return Condition.FOR_PARTS;
    }
    if (word.contains("refurb") || word.contains("renewed") || word.contains("open")) {
      return Condition.REFURBISHED;
    }
    if (word.contains("used") || word.contains("gebraucht")) {
      return Condition.USED;
    }
    boolean isNew = word.equals("new") || word.equals("neu") || word.endsWith("newcondition");
    return isNew ? Condition.NEW : Condition.UNKNOWN;
  }
}
