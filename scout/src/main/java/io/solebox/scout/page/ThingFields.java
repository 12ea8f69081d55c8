package io.solebox.scout.page;

import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Things as JSON has them. */
final class ThingFields {
  private ThingFields() {}

  /**
   * @param waits whether news of it wait in the outbox
   * @param mutes that are about it
   */
  static Map<String, Object> of(Thing thing, boolean waits, List<Map<String, Object>> mutes) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", ThingId.of(thing.seen().key()));
    fields.put("market", thing.seen().key().market());
    fields.put("site", thing.seen().site());
    fields.put("title", thing.seen().title());
    if ("https".equalsIgnoreCase(thing.seen().page().getScheme())) {
      fields.put("page", thing.seen().page().toString());
    }
    fields.put("has_image", thing.seen().image().isPresent());
    putSale(fields, thing.seen().sale());
    putMoney(fields, "shown_price", thing.seen().shown());
    fields.put("shipping", shipping(thing.seen().shipping()));
    fields.put("condition", word(thing.seen().condition()));
    thing.seen().country().ifPresent(country -> fields.put("country", country));
    thing.seen().seller().ifPresent(seller -> putSeller(fields, seller));
    fields.put("first_seen", thing.firstSeen().getEpochSecond());
    fields.put("looked", thing.looked().getEpochSecond());
    thing.seen().listed().ifPresent(at -> fields.put("listed", at.getEpochSecond()));
    fields.put("watches", thing.watches());
    putJudgement(fields, thing.judgement());
    thing.last().ifPresent(last -> putLast(fields, last, waits));
    fields.put("mutes", mutes);
    return fields;
  }

  private static void putSale(Map<String, Object> fields, Sale sale) {
    switch (sale) {
      case Sale.Fixed(_, boolean offers) -> fields.put("sale", offers ? "offer" : "fixed");
      case Sale.Auction(Money bid, int bids, Instant ends, Optional<Money> buyNow) -> {
        fields.put("sale", "auction");
        fields.put("bid", money(bid));
        fields.put("bids", bids);
        fields.put("ends", ends.getEpochSecond());
        putMoney(fields, "buy_now", buyNow);
      }
      case Sale.Unpriced _ -> fields.put("sale", "unpriced");
    }
    putMoney(fields, "price", sale.asked());
  }

  private static Map<String, Object> shipping(Shipping shipping) {
    return switch (shipping) {
      case Shipping.Costs(Money money) -> Map.of("kind", "costs", "price", money(money));
      case Shipping.Calculated _ -> Map.of("kind", "calculated");
      case Shipping.None _ -> Map.of("kind", "none");
      case Shipping.Unknown _ -> Map.of("kind", "unknown");
    };
  }

  private static void putSeller(Map<String, Object> fields, Seller seller) {
    fields.put("seller_key", seller.key());
    seller.score().ifPresent(score -> fields.put("seller_score", score));
    seller.positivePercent().ifPresent(percent -> fields.put("seller_percent", percent));
  }

  private static void putJudgement(Map<String, Object> fields, Judgement judgement) {
    judgement
        .card()
        .ifPresent(
            match -> {
              fields.put("card", match.card());
              fields.put("units", match.units());
              fields.put("card_reason", match.reason());
            });
    putMoney(fields, "per_unit", judgement.perUnit());
    putMoney(fields, "per_gigabyte", judgement.perGigabyte());
    putMoney(fields, "per_bandwidth", judgement.perBandwidth());
    judgement.standing().ifPresent(standing -> fields.put("standing", standing(standing)));
    judgement.noStanding().ifPresent(why -> fields.put("no_standing", why));
    fields.put(
        "suspicions",
        judgement.suspicions().stream()
            .map(each -> Map.of("code", each.code(), "reason", each.reason()))
            .toList());
    fields.put(
        "outlook",
        judgement.outlook().stream()
            .map(
                each ->
                    Map.of(
                        "name", each.name(),
                        "label", each.label(),
                        "value", each.value(),
                        "reason", each.reason()))
            .toList());
  }

  private static Map<String, Object> standing(Standing standing) {
    return Map.of(
        "score", standing.score(), "median", money(standing.median()), "seen", standing.seen());
  }

  private static void putLast(Map<String, Object> fields, Thing.Last last, boolean waits) {
    fields.put("happening", word(last.happening()));
    fields.put("happened", last.at().getEpochSecond());
    fields.put("told", told(last, waits));
    if (!last.notTold().isEmpty()) {
      fields.put("not_told", last.notTold());
    }
  }

  private static String told(Thing.Last last, boolean waits) {
    if (!last.notTold().isEmpty()) {
      return "no";
    }
    return waits ? "waiting" : "yes";
  }

  private static void putMoney(Map<String, Object> fields, String name, Optional<Money> money) {
    money.ifPresent(is -> fields.put(name, money(is)));
  }

  static Map<String, Object> money(Money money) {
    return Map.of("amount", money.amount().toPlainString(), "currency", money.currency());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
