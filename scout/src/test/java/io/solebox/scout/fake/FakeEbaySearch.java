package io.solebox.scout.fake;

import io.solebox.scout.source.ebay.EbaySite;
import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One question to the fake search, as far as it understands them. */
final class FakeEbaySearch {
  private static final Pattern OR = Pattern.compile("\\(([^)]*)\\)");
  private static final Pattern BAND = Pattern.compile("\\[([\\d.]*?)\\.\\.([\\d.]*?)]");

  private final Map<String, String> asked;
  private final EbaySite site;
  private final List<List<List<String>>> words; // all of: one of: all of
  private final Map<String, String> filters = new HashMap<>();
  private final Map<String, Set<String>> sets = new HashMap<>();

  FakeEbaySearch(String query, EbaySite site) {
    this.asked = parameters(query);
    this.site = site;
    this.words = words(asked.getOrDefault("q", ""));
    for (String filter : asked.getOrDefault("filter", "").split(",")) {
      int colon = filter.indexOf(':');
      if (colon > 0) {
        String value = filter.substring(colon + 1);
        filters.put(filter.substring(0, colon), value);
        if (value.startsWith("{")) {
          sets.put(
              filter.substring(0, colon),
              Set.of(value.substring(1, value.length() - 1).split("\\|")));
        }
      }
    }
  }

  static Map<String, String> parameters(String query) {
    Map<String, String> all = new HashMap<>();
    for (String pair : query.split("&")) {
      int equal = pair.indexOf('=');
      if (equal > 0) {
        all.put(
            pair.substring(0, equal),
            URLDecoder.decode(pair.substring(equal + 1), StandardCharsets.UTF_8));
      }
    }
    return all;
  }

  int limit() {
    return Integer.parseInt(asked.getOrDefault("limit", "50"));
  }

  int offset() {
    return Integer.parseInt(asked.getOrDefault("offset", "0"));
  }

  /** Why the API would not answer this. */
  Optional<String> complaint() {
    if (!asked.containsKey("q") && !asked.containsKey("category_ids")) {
      return Optional.of("The call must have a valid 'q' or 'category_ids'.");
    }
    if (limit() < 1 || limit() > 200 || offset() > 9_999 || offset() % limit() != 0) {
      return Optional.of("The 'limit' or 'offset' is not valid.");
    }
    if (asked.getOrDefault("q", "").length() > 100) {
      return Optional.of("The 'q' is too long.");
    }
    if (filters.containsKey("price") != filters.containsKey("priceCurrency")) {
      return Optional.of("A filter of prices needs its currency.");
    }
    return Optional.empty();
  }

  boolean finds(FakeListing listing, Set<String> title, Instant now) {
    return listing.isLive(now)
        && listing.sites().contains(site)
        && !listing.at(now).soldOut()
        && hasWords(title)
        && isInBand(listing, now)
        && among("conditionIds", listing.conditionId())
        && listing.kind().stream().anyMatch(kind -> among("buyingOptions", kind))
        && !sets.getOrDefault("excludeSellers", Set.of()).contains(listing.seller());
  }

  private boolean hasWords(Set<String> title) {
    for (List<List<String>> oneOf : words) {
      if (oneOf.stream().noneMatch(title::containsAll)) {
        return false;
      }
    }
    return true;
  }

  private boolean isInBand(FakeListing listing, Instant now) {
    if (!filters.containsKey("price")) {
      return true;
    }
    Matcher band = BAND.matcher(filters.get("price"));
    if (!band.matches()) {
      return false;
    }
    BigDecimal shown =
        FakeEbayText.converted(listing.at(now).amount(), listing.currency(), site.currency(), now);
    return (band.group(1).isEmpty() || shown.compareTo(new BigDecimal(band.group(1))) >= 0)
        && (band.group(2).isEmpty() || shown.compareTo(new BigDecimal(band.group(2))) <= 0);
  }

  private boolean among(String filter, String value) {
    return !sets.containsKey(filter) || sets.get(filter).contains(value);
  }

  private static List<List<List<String>>> words(String q) {
    List<List<List<String>>> all = new ArrayList<>();
    Matcher or = OR.matcher(q);
    while (or.find()) {
      all.add(Arrays.stream(or.group(1).split(",")).map(FakeEbaySearch::split).toList());
    }
    for (String word : split(or.replaceAll(" "))) {
      all.add(List.of(List.of(word)));
    }
    return all;
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
