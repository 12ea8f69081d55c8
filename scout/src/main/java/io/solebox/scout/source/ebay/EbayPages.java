package io.solebox.scout.source.ebay;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The pages of one search, newest first, while things come and go on them. What is put up in
 * between moves the rest on, and is seen twice. What ends in between moves the rest back, so that
 * something slips past the border of two pages: pages are read again until they show nothing new.
 * Of one reading; used once.
 */
final class EbayPages {
  /** How often pages are read again at most, and how many: a later reading comes to the rest. */
  private static final int MOST_AGAIN = 3;

  private static final int MOST_PAGES_AGAIN = 5;

  private final EbayCalls calls;
  private final EbayItems items;
  private final InstantSource clock;
  private final EbayQuery query;
  private final Known known;
  private final Map<ItemKey, Sighting> found = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();

  EbayPages(EbayCalls calls, EbayItems items, InstantSource clock, EbayQuery query, Known known) {
    this.calls = calls;
    this.items = items;
    this.clock = clock;
    this.query = query;
    this.known = known;
  }

  /** One page, or why there is none. */
  private sealed interface Page {
    /**
     * @param fresh how many things it shows that were not known
     */
    record Read(int fresh, boolean isLast) implements Page {}

    record Stop(Found why) implements Page {}
  }

  /** Reads them until a whole one is known. */
  Found read() throws InterruptedException {
    int pages = 0;
    boolean goesOn = true;
    while (goesOn) {
      switch (page(pages * EbayQuery.PAGE)) {
        case Page.Stop(Found why) -> {
          return why;
        }
        case Page.Read(int fresh, boolean isLast) -> goesOn = !isLast && fresh > 0;
      }
      pages++;
      if (goesOn && pages * EbayQuery.PAGE >= EbayQuery.MOST) {
        notes.add(
            "eBay shows the newest %d things of \"%s\" at %s, and there are more: a narrower watch"
                    .formatted(EbayQuery.MOST, query.words(), query.site())
                + " finds all");
        goesOn = false;
      }
    }
    return pages - 1 <= MOST_PAGES_AGAIN ? again(pages - 1) : whole();
  }

  /** Reads the pages before the last one again, as long as that brings something. */
  private Found again(int pages) throws InterruptedException {
    for (int time = 0; time < MOST_AGAIN && pages > 0; time++) {
      int fresh = 0;
      for (int page = 0; page < pages; page++) {
        switch (page(page * EbayQuery.PAGE)) {
          case Page.Stop(Found why) -> {
            return why;
          }
          case Page.Read(int more, _) -> fresh += more;
        }
      }
      if (fresh == 0) {
        break;
      }
    }
    return whole();
  }

  private Found whole() {
    return new Found.Whole(List.copyOf(found.values()), notes);
  }

  private Page page(int offset) throws InterruptedException {
    return switch (calls.counted(EbayPool.BROWSE, query.path(offset), query.headers())) {
      case Answer.Got got -> page(got);
      case Answer.None none -> new Page.Stop(none.with(sightings()));
      case Answer.Refused(int status, _, String reason) -> new Page.Stop(refused(status, reason));
    };
  }

  private Page page(Answer.Got got) {
    ItemsJson page = ItemsJson.read(got.body(), "itemSummaries");
    int fresh = 0;
    for (Map<String, Object> item : page.items()) {
      Optional<Sighting> sighting =
          items.sighting(item, query.site(), query.country(), clock.instant());
      if (sighting.isPresent()) {
        ItemKey key = sighting.get().key();
        boolean isNew = found.put(key, sighting.get()) == null;
        fresh += isNew && !known.contains(key) ? 1 : 0;
      }
    }
    if (page.unreadable() > 0) {
      notes.add(page.unreadable() + " things of eBay's answer could not be read");
    }
    Optional<String> fault = got.cut().or(page::fault);
    if (fault.isPresent()) {
      return new Page.Stop(
          calls.broken("eBay's answer is not whole: " + fault.get()).with(sightings()));
    }
    return new Page.Read(fresh, !page.members().contains("next") || page.items().isEmpty());
  }

  /** A refusal of this search says nothing of others, but for one of the key. */
  private Found refused(int status, String reason) {
    if (status == 403) {
      return new Found.Closed(
          sightings(),
          "eBay does not let this key search: " + reason,
          "See at developer.ebay.com whether the key may use the Browse API.");
    }
    notes.add(
        "eBay does not answer the search for \"%s\" at %s: %s; change the watch"
            .formatted(query.words(), query.site(), reason));
    return whole();
  }

  private List<Sighting> sightings() {
    return List.copyOf(found.values());
  }
}
