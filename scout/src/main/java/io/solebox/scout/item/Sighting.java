package io.solebox.scout.item;

import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What one page of a source says of one thing at one moment. Texts are those of strangers: they may
 * hold markup, mentions, and anything of Unicode.
 *
 * @param site where it was seen: {@code EBAY_DE}, or the name of a feed
 * @param group the items of one group are variations of one listing; empty where it is none
 * @param seen when
 * @param title at most {@value #MAX_TITLE} characters, without control characters
 * @param page for a person to look at
 * @param shown the price as the site shows it in its own currency, where that is another one than
 *     the seller's
 * @param aspects as the market has them, {@code MPN}, {@code Brand}; names in the site's language;
 *     texts are cut as titles are
 * @param country where it lies, a code as in ISO 3166: {@code DE}
 * @param listed since when it is for sale, where that is said
 */
public record Sighting(
    ItemKey key,
    String site,
    Optional<String> group,
    Instant seen,
    String title,
    URI page,
    Optional<URI> image,
    Sale sale,
    Optional<Money> shown,
    Shipping shipping,
    Condition condition,
    Optional<Seller> seller,
    Optional<String> country,
    Map<String, String> aspects,
    Optional<Instant> listed) {
  public static final int MAX_TITLE = 500;

  private static final int MOST_ASPECTS = 60;
  private static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

  public Sighting {
    aspects = bounded(aspects);
    title = clean(title);
    listed = listed.filter(Sighting::isOfACalendar);
  }

  /** Whether a moment is one that a stranger may mean: it can be counted in milliseconds. */
  public static boolean isOfACalendar(Instant moment) {
    return moment.isAfter(Instant.EPOCH) && moment.isBefore(LAST);
  }

  private static Map<String, String> bounded(Map<String, String> aspects) {
    Map<String, String> bounded = new HashMap<>();
    aspects.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .limit(MOST_ASPECTS)
        .forEach(each -> bounded.put(clean(each.getKey()), clean(each.getValue())));
    return Map.copyOf(bounded);
  }

  /** The same at another site. */
  public Sighting at(String other) {
    return new Sighting(
        key, other, group, seen, title, page, image, sale, shown, shipping, condition, seller,
        country, aspects, listed);
  }

  /** Without control characters, spaces once, not too long; no pair of surrogates is cut. */
  private static String clean(String title) {
    String plain = title.replaceAll("[\\p{Cc}\\p{Cf}\\p{Z}]+", " ").strip();
    int length = plain.codePointCount(0, plain.length());
    return length <= MAX_TITLE
        ? plain
        : plain.substring(0, plain.offsetByCodePoints(0, MAX_TITLE - 1)) + "…";
  }
}
