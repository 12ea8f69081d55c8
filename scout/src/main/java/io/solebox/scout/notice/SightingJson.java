package io.solebox.scout.notice;

import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import java.util.LinkedHashMap;
import java.util.Map;

/** A thing for sale as plain values. The seller's key stays here. */
final class SightingJson {
  private SightingJson() {}

  static Map<String, Object> values(Sighting thing) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("market", thing.key().market());
    json.put("id", thing.key().id());
    json.put("variation", thing.key().variation());
    json.put("site", thing.site());
    thing.group().ifPresent(group -> json.put("group", group));
    json.put("seen", thing.seen().toString());
    json.put("title", thing.title());
    json.put("page", thing.page().toString());
    thing.image().ifPresent(image -> json.put("image", image.toString()));
    json.put("sale", sale(thing.sale()));
    thing.shown().ifPresent(shown -> json.put("shown", NoticeJson.money(shown)));
    json.put("shipping", shipping(thing.shipping()));
    json.put("condition", thing.condition().name());
    thing.seller().ifPresent(seller -> json.put("seller", seller(seller)));
    thing.country().ifPresent(country -> json.put("country", country));
    json.put("aspects", thing.aspects());
    thing.listed().ifPresent(listed -> json.put("listed", listed.toString()));
    return json;
  }

  private static Map<String, Object> sale(Sale sale) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (sale) {
      case Sale.Fixed fixed -> {
        json.put("kind", "fixed");
        json.put("price", NoticeJson.money(fixed.price()));
        json.put("offers", fixed.offers());
      }
      case Sale.Auction auction -> {
        json.put("kind", "auction");
        json.put("bid", NoticeJson.money(auction.bid()));
        json.put("bids", auction.bids());
        json.put("ends", auction.ends().toString());
        auction.buyNow().ifPresent(price -> json.put("buy_now", NoticeJson.money(price)));
      }
      case Sale.Unpriced _ -> json.put("kind", "unpriced");
    }
    return json;
  }

  private static Map<String, Object> shipping(Shipping shipping) {
    Map<String, Object> json = new LinkedHashMap<>();
    switch (shipping) {
      case Shipping.Costs(var money) -> {
        json.put("kind", "costs");
        json.put("price", NoticeJson.money(money));
      }
      case Shipping.Calculated _ -> json.put("kind", "calculated");
      case Shipping.None _ -> json.put("kind", "none");
      case Shipping.Unknown _ -> json.put("kind", "unknown");
    }
    return json;
  }

  private static Map<String, Object> seller(Seller seller) {
    Map<String, Object> json = new LinkedHashMap<>();
    seller.score().ifPresent(score -> json.put("score", score));
    seller.positivePercent().ifPresent(percent -> json.put("positive_percent", percent));
    return json;
  }
}
