package io.solebox.scout.source.ebay;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at things again: twenty with one call where eBay lets this key do so, which it counts
 * apart, else one by one.
 */
final class EbayLooks {
  /** Of one call (eBay: Browse API, getItems). */
  private static final int MOST = 20;

  private final EbayAccount account;
  private final EbayCalls calls;
  private final EbayItems items;
  private final InstantSource clock;
  private boolean together = true;

  EbayLooks(EbayAccount account, EbayCalls calls, EbayItems items, InstantSource clock) {
    this.account = account;
    this.calls = calls;
    this.items = items;
    this.clock = clock;
  }

  int most() {
    return together ? MOST : 1;
  }

  Refreshed look(List<ItemKey> keys) throws InterruptedException {
    if (keys.isEmpty()) {
      return new Refreshed(new Found.Whole(List.of(), List.of()), List.of());
    }
    if (together && keys.size() <= MOST) {
      Answer answer = together(keys);
      if (!(answer instanceof Answer.Refused(int status, _, _)) || status != 403) {
        return together(keys, answer);
      }
      together = false;
    }
    return oneByOne(keys);
  }

  private Answer together(List<ItemKey> keys) throws InterruptedException {
    String ids = keys.stream().map(EbayLooks::encoded).collect(Collectors.joining(","));
    return calls.counted(EbayPool.ITEMS, "/buy/browse/v1/item/?item_ids=" + ids, headers());
  }

  private Refreshed together(List<ItemKey> keys, Answer answer) {
    return switch (answer) {
      case Answer.Got got -> read(keys, got);
      case Answer.None none -> new Refreshed(none.with(List.of()), List.of());
      case Answer.Refused(int status, boolean explained, _) when status == 404 && explained ->
          new Refreshed(new Found.Whole(List.of(), List.of()), keys); // it has none of them
      case Answer.Refused(_, _, String reason) ->
          new Refreshed(
              new Found.Whole(List.of(), List.of("eBay does not show some things: " + reason)),
              List.of());
    };
  }

  /** What is not in a whole answer has ended (eBay: Browse API, getItems). */
  private Refreshed read(List<ItemKey> keys, Answer.Got got) {
    ItemsJson answer = ItemsJson.read(got.body(), "items");
    List<Sighting> live = new ArrayList<>();
    Set<ItemKey> shown = new HashSet<>();
    List<ItemKey> gone = new ArrayList<>();
    for (Map<String, Object> item : answer.items()) {
      items.key(item).ifPresent(shown::add);
      add(item, live, gone);
    }
    Optional<String> fault = got.cut().or(answer::fault);
    if (fault.isPresent()) {
      String reason = "eBay's answer is not whole: " + fault.get();
      return new Refreshed(calls.broken(reason).with(live), gone);
    }
    if (answer.members().contains("items") && answer.unreadable() == 0) {
      keys.stream().filter(key -> !shown.contains(key)).forEach(gone::add);
    }
    return new Refreshed(new Found.Whole(live, List.of()), gone);
  }

  private void add(Map<String, Object> item, List<Sighting> live, List<ItemKey> gone) {
    if (EbayItems.isGone(item, clock.instant())) {
      items.key(item).ifPresent(gone::add);
      return;
    }
    EbaySite site =
        EbayText.text(item, "listingMarketplaceId")
            .flatMap(EbaySite::of)
            .filter(account.sites()::contains)
            .orElse(account.sites().getFirst());
    items.sighting(item, site, account.country(), clock.instant()).ifPresent(live::add);
  }

  private Refreshed oneByOne(List<ItemKey> keys) throws InterruptedException {
    List<Sighting> live = new ArrayList<>();
    List<ItemKey> gone = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (ItemKey key : keys) {
      String path = "/buy/browse/v1/item/" + encoded(key);
      switch (calls.counted(EbayPool.BROWSE, path, headers())) {
        case Answer.Got got -> {
          ItemsJson whole = ItemsJson.read(wrapped(got.body()), "items");
          if (got.cut().isPresent() || whole.fault().isPresent() || whole.items().isEmpty()) {
            return new Refreshed(calls.broken("eBay's answer is not whole").with(live), gone);
          }
          add(whole.items().getFirst(), live, gone);
        }
        case Answer.None none -> {
          return new Refreshed(none.with(live), gone);
        }
        case Answer.Refused(int status, boolean explained, String reason) -> {
          if (status == 404 && explained) {
            gone.add(key);
          } else {
            notes.add("eBay does not show " + key.id() + ": " + reason);
          }
        }
      }
    }
    return new Refreshed(new Found.Whole(live, notes), gone);
  }

  /** One thing, as an answer of one. */
  private static byte[] wrapped(byte[] item) {
    String text = "{\"items\":[" + new String(item, StandardCharsets.UTF_8) + "]}";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Map<String, String> headers() {
    return EbayQuery.headers(account.sites().getFirst(), account.country());
  }

  private static String encoded(ItemKey key) {
    return URLEncoder.encode(EbayItems.itemId(key), StandardCharsets.UTF_8);
  }
}
