package io.solebox.scout.fake;

import io.solebox.scout.source.ebay.EbaySite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The things on the fake eBay, past and future ones, and how searches show them. */
final class FakeEbayStock {
  private final FakeEbayText text;
  private final Map<String, Held> byId = new HashMap<>();
  private final TreeMap<Rank, Held> newestFirst = new TreeMap<>();

  private record Held(FakeListing listing, Set<String> words) {
    Rank rank() {
      return new Rank(listing.from(), listing.itemId());
    }
  }

  private record Rank(Instant from, String id) implements Comparable<Rank> {
    private static final Comparator<Rank> ORDER =
        Comparator.comparing(Rank::from).reversed().thenComparing(Rank::id);

    @Override
    public int compareTo(Rank other) {
      return ORDER.compare(this, other);
    }
  }

  FakeEbayStock(FakeEbayText text) {
    this.text = text;
  }

  void put(Collection<FakeListing> listings) {
    for (FakeListing listing : listings) {
      remove(listing.itemId());
      Held held = new Held(listing, listing.words());
      byId.put(listing.itemId(), held);
      newestFirst.put(held.rank(), held);
    }
  }

  void remove(String itemId) {
    Optional.ofNullable(byId.remove(itemId)).ifPresent(held -> newestFirst.remove(held.rank()));
  }

  Optional<Map<String, Object>> item(String itemId, EbaySite site, Instant now) {
    return Optional.ofNullable(byId.get(itemId))
        .filter(held -> held.listing().isLive(now))
        .map(held -> text.item(held.listing(), site, now));
  }

  /** One page; how many there are in all it only guesses, as eBay does. */
  Map<String, Object> page(FakeEbaySearch search, EbaySite site, Instant now, String address) {
    List<Map<String, Object>> page = new ArrayList<>();
    int found = 0;
    boolean more = false;
    for (Held held : newestFirst.tailMap(new Rank(now, "")).values()) {
      if (search.finds(held.listing(), held.words(), now)) {
        if (page.size() == search.limit()) {
          more = true;
          break;
        }
        if (found >= search.offset()) {
          page.add(text.summary(held.listing(), site, now));
        }
        found++;
      }
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("href", "https://api.ebay.com" + address);
    answer.put("total", more ? byId.size() : found);
    answer.put("limit", search.limit());
    answer.put("offset", search.offset());
    if (more) {
      answer.put("next", "https://api.ebay.com/next");
    }
    if (!page.isEmpty()) {
      answer.put("itemSummaries", page);
    }
    return answer;
  }
}
