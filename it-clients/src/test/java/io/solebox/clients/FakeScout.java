package io.solebox.clients;

import io.solebox.server.scout.ScoutMute;
import io.solebox.server.scout.ScoutQuestion;
import io.solebox.server.scout.Scouting;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A scout that has found three things, one of a hostile title and one that is suspicious, with a
 * channel that has stopped and a market that is closed. A picture is there when it is asked for
 * again.
 */
final class FakeScout implements Scouting {
  private static final String HOSTILE =
      "<img src=x onerror=\"document.title='owned'\"> Tesla V100 32GB SXM2 @everyone 🚀🚀 **buy now**";

  private static final String PIXEL =
      "data:image/gif;base64,R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

  private static final int DAYS = 40;

  private final Map<String, Map<String, Object>> mutes = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> pictures = new ConcurrentHashMap<>();
  private final AtomicBoolean resumed = new AtomicBoolean();

  @Override
  public Map<String, Object> look(ScoutQuestion question) {
    List<Map<String, Object>> found =
        List.of(suspicious(), hostile(), auction()).stream()
            .filter(thing -> takes(question.filters(), thing))
            .toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "scout");
    body.put("state", "watching");
    body.put("looked_at", ago(120));
    body.put("total", found.size());
    body.put("has_more", false);
    body.put("data", found);
    body.put(
        "choices",
        Map.of(
            "cards", List.of(choice("P40", 1), choice("V100-SXM2-32GB", 2)),
            "watches", List.of(choice("cheap memory", 2), choice("v100", 2)),
            "sites", List.of(choice("EBAY_DE", 2), choice("EBAY_US", 1)),
            "currencies", List.of(choice("EUR", 2), choice("USD", 1))));
    body.put("sources", List.of(source("EBAY_DE", ""), source("EBAY_US", "the site answered 503")));
    body.put(
        "markets",
        List.of(
            Map.of(
                "name", "forum",
                "why", "the feed asks for a name and a password",
                "remedy", "Put its address with both into the file that scout.toml names.")));
    body.put(
        "quota",
        List.of(
            Map.of(
                "pool", "browse",
                "used", 1234,
                "allowed", 5000,
                "left", 3700,
                "resets", ago(-20_000))));
    body.put("channels", List.of(open(), phone()));
    body.put("mutes", List.copyOf(mutes.values()));
    return body;
  }

  private static boolean takes(Map<String, String> filters, Map<String, Object> thing) {
    String title = thing.get("title").toString().toLowerCase(Locale.ROOT);
    boolean odd = !((List<?>) thing.get("suspicions")).isEmpty();
    return filters.getOrDefault("card", thing.get("card").toString()).equals(thing.get("card"))
        && title.contains(filters.getOrDefault("text", "").toLowerCase(Locale.ROOT))
        && filters.getOrDefault("suspicious", odd ? "yes" : "no").equals(odd ? "yes" : "no");
  }

  private static Map<String, Object> choice(String name, int things) {
    return Map.of("name", name, "things", things);
  }

  private static long ago(long seconds) {
    return Instant.now().getEpochSecond() - seconds;
  }

  private static Map<String, Object> money(String amount, String currency) {
    return Map.of("amount", amount, "currency", currency);
  }

  private Map<String, Object> thing(String id, String title, String site, String card) {
    Map<String, Object> thing = new LinkedHashMap<>();
    thing.put("id", id);
    thing.put("market", "ebay");
    thing.put("site", site);
    thing.put("title", title);
    thing.put("page", "https://www.example.org/itm/" + id);
    thing.put("has_image", true);
    thing.put("card", card);
    thing.put("card_reason", "the title names it");
    thing.put("country", "DE");
    thing.put("seller_key", "seller-" + id);
    thing.put("seller_score", 812);
    thing.put("seller_percent", 99.4);
    thing.put("looked", ago(300));
    thing.put("outlook", outlook());
    thing.put(
        "mutes",
        mutes.values().stream()
            .filter(mute -> mute.get("of").equals(id) || mute.get("of").equals(card))
            .toList());
    return thing;
  }

  private static List<Map<String, Object>> outlook() {
    return List.of(
        Map.of(
            "name", "tokens_per_second_13b",
            "label", "13B at Q4_K_M",
            "value", "47 to 62 tokens/s",
            "reason", "898 GB/s by its maker's data sheet; decode reads 7.9 GB a token"),
        Map.of(
            "name", "watts",
            "label", "Power",
            "value", "250 W",
            "reason", "its limit, by its maker's data sheet"));
  }

  private Map<String, Object> hostile() {
    Map<String, Object> thing = thing("ebay/1/", HOSTILE, "EBAY_DE", "V100-SXM2-32GB");
    thing.put("sale", "offer");
    thing.put("price", money("640.00", "EUR"));
    thing.put("units", 2);
    thing.put("per_unit", money("320.00", "EUR"));
    thing.put("per_gigabyte", money("10.00", "EUR"));
    thing.put("per_bandwidth", money("0.356", "EUR"));
    thing.put("shipping", Map.of("kind", "costs", "price", money("14.99", "EUR")));
    thing.put("condition", "used");
    thing.put("standing", Map.of("score", -2.1, "median", money("489.00", "EUR"), "seen", 42));
    thing.put("suspicions", List.of());
    thing.put("first_seen", ago(7200));
    thing.put("watches", List.of("v100"));
    thing.put("happening", "price_drop");
    thing.put("happened", ago(600));
    thing.put("told", "yes");
    return thing;
  }

  private Map<String, Object> suspicious() {
    Map<String, Object> thing =
        thing("ebay/2/", "NVIDIA Tesla V100 32GB READ DESCRIPTION", "EBAY_US", "V100-SXM2-32GB");
    thing.put("page", "javascript:alert(1)");
    thing.put("sale", "fixed");
    thing.put("price", money("49.00", "USD"));
    thing.put("shown_price", money("42.26", "EUR"));
    thing.put("units", 1);
    thing.put("per_unit", money("49.00", "USD"));
    thing.put("per_gigabyte", money("1.53", "USD"));
    thing.put("shipping", Map.of("kind", "none"));
    thing.put("condition", "for_parts");
    thing.put("no_standing", "Only 3 prices in USD were seen.");
    thing.put(
        "suspicions",
        List.of(
            Map.of("code", "READ_DESCRIPTION", "reason", "The title says to read the description."),
            Map.of("code", "NEW_SELLER", "reason", "The seller has 0 ratings.")));
    thing.put("first_seen", ago(90_000));
    thing.put("watches", List.of("v100", "cheap memory"));
    thing.put("happening", "new");
    thing.put("happened", ago(90_000));
    thing.put("told", "no");
    thing.put("not_told", "it was there before the watch was, whose first round tells nothing");
    return thing;
  }

  private Map<String, Object> auction() {
    Map<String, Object> thing = thing("ebay/3/", "Nvidia P40 24GB GPU", "EBAY_DE", "P40");
    thing.put("has_image", false);
    thing.put("sale", "auction");
    thing.put("price", money("101.00", "EUR"));
    thing.put("bid", money("101.00", "EUR"));
    thing.put("bids", 7);
    thing.put("ends", ago(-5400));
    thing.put("units", 1);
    thing.put("per_unit", money("101.00", "EUR"));
    thing.put("per_gigabyte", money("4.21", "EUR"));
    thing.put("per_bandwidth", money("0.291", "EUR"));
    thing.put("shipping", Map.of("kind", "calculated"));
    thing.put("condition", "unknown");
    thing.put("standing", Map.of("score", -0.4, "median", money("120.00", "EUR"), "seen", 19));
    thing.put("suspicions", List.of());
    thing.put("first_seen", ago(500_000));
    thing.put("watches", List.of("cheap memory"));
    thing.put("happening", "ending");
    thing.put("happened", ago(60));
    thing.put("told", "waiting");
    return thing;
  }

  private static Map<String, Object> source(String site, String problem) {
    return Map.of(
        "market",
        "ebay",
        "site",
        site,
        "words",
        "tesla v100",
        "watch",
        "v100",
        "asked",
        ago(400),
        "due",
        ago(-1400),
        "failures",
        problem.isEmpty() ? 0 : 3,
        "problem",
        problem);
  }

  private static Map<String, Object> open() {
    return Map.of(
        "name", "mail", "state", "open", "waiting", 0, "refused", List.of(), "accepted", ago(620));
  }

  private Map<String, Object> phone() {
    if (resumed.get()) {
      return Map.of("name", "phone", "state", "open", "waiting", 4, "refused", List.of());
    }
    return Map.of(
        "name", "phone",
        "state", "stopped",
        "waiting", 4,
        "refused", List.of(Map.of("at", ago(9000), "why", "its title was empty")),
        "why", "the webhook answered 404",
        "remedy", "Make another webhook, and put its address where scout.toml says.");
  }

  @Override
  public Map<String, Object> history(String card, String currency, int days) {
    List<Map<String, Object>> data = new ArrayList<>();
    LocalDate today = LocalDate.now();
    for (int ago = DAYS; ago >= 0; ago -= 2) {
      double middle = (card.equals("P40") ? 120 : 520) + 12 * Math.sin(ago / 4.0) - (DAYS - ago);
      data.add(
          Map.of(
              "day",
              today.minusDays(ago).toString(),
              "seen",
              3,
              "low",
              middle * 0.8,
              "median",
              middle,
              "high",
              middle * 1.3));
    }
    return Map.of(
        "object",
        "scout.history",
        "card",
        card,
        "currency",
        currency.isEmpty() ? "EUR" : currency,
        "currencies",
        List.of("EUR", "USD"),
        "data",
        data);
  }

  @Override
  public Map<String, Object> mute(ScoutMute mute) {
    Map<String, Object> kept = new LinkedHashMap<>();
    kept.put("what", mute.of().what());
    kept.put("of", mute.of().which());
    kept.put("kept_back", mute.hours().isPresent());
    mute.hours().ifPresent(hours -> kept.put("until", ago(-3600L * hours)));
    mutes.put(mute.of().toString(), kept);
    return Map.of("object", "scout.mute", "what", mute.of().what(), "muted", true);
  }

  @Override
  public Map<String, Object> unmute(ScoutMute.Of of) {
    mutes.remove(of.toString());
    return Map.of("object", "scout.mute", "what", of.what(), "muted", false);
  }

  @Override
  public Map<String, Object> thumbnail(String item) {
    int asked = pictures.computeIfAbsent(item, _ -> new AtomicInteger()).incrementAndGet();
    return asked == 1
        ? Map.of("object", "scout.thumbnail", "state", "asked")
        : Map.of("object", "scout.thumbnail", "state", "here", "image", PIXEL);
  }

  @Override
  public Map<String, Object> resume(String channel) {
    resumed.set(true);
    return Map.of("object", "scout.channel", "channel", channel);
  }
}
