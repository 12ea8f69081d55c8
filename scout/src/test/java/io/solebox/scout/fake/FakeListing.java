package io.solebox.scout.fake;

import io.solebox.scout.source.ebay.EbaySite;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One thing on the fake eBay, with its whole life.
 *
 * @param variation {@code 0} where it has none
 * @param kind as {@code buyingOptions} has it: {@code FIXED_PRICE}, {@code BEST_OFFER}, {@code
 *     AUCTION}
 * @param currency of its seller
 * @param amount what is asked first; of an auction what bidding begins at
 * @param conditionId as eBay counts them
 * @param from since when it is for sale
 * @param until it ends, and is gone
 * @param sites which show it
 * @param changes of its price, in the order of their time
 */
public record FakeListing(
    String id,
    String variation,
    String title,
    String seller,
    int score,
    Set<String> kind,
    String currency,
    BigDecimal amount,
    Optional<BigDecimal> buyNow,
    String conditionId,
    String country,
    Instant from,
    Instant until,
    Set<EbaySite> sites,
    List<Change> changes) {
  /**
   * From a moment on it costs something else, or is sold out.
   *
   * @param bids so far, where it is an auction
   */
  public record Change(Instant at, BigDecimal amount, int bids, boolean soldOut) {}

  public FakeListing {
    kind = Set.copyOf(kind);
    sites = Set.copyOf(sites);
    changes = List.copyOf(changes);
  }

  /** At a price, from a seller of many ratings, used, on all sites, for 30 days. */
  public static FakeListing fixed(
      String id, String title, String amount, String currency, Instant from) {
    return new FakeListing(
        id,
        "0",
        title,
        "seller-of-" + id,
        1234,
        Set.of("FIXED_PRICE"),
        currency,
        new BigDecimal(amount),
        Optional.empty(),
        "3000",
        "DE",
        from,
        from.plusSeconds(30L * 24 * 3600),
        Set.of(EbaySite.values()),
        List.of());
  }

  /** To the highest bidder, for 7 days. */
  public static FakeListing auction(
      String id, String title, String start, String currency, Instant from) {
    return fixed(id, title, start, currency, from)
        .sold(Set.of("AUCTION"))
        .until(from.plusSeconds(7L * 24 * 3600));
  }

  public FakeListing sold(Set<String> kind) {
    return with(draft -> draft.kind = kind);
  }

  public FakeListing until(Instant end) {
    return with(draft -> draft.until = end);
  }

  public FakeListing on(EbaySite... where) {
    return with(draft -> draft.sites = Set.of(where));
  }

  public FakeListing by(String name, int ratings) {
    return with(
        draft -> {
          draft.seller = name;
          draft.score = ratings;
        });
  }

  public FakeListing variation(String number) {
    return with(draft -> draft.variation = number);
  }

  public FakeListing condition(String number) {
    return with(draft -> draft.conditionId = number);
  }

  public FakeListing buyNow(String price) {
    return with(
        draft -> {
          draft.kind = Set.of("AUCTION", "FIXED_PRICE");
          draft.buyNow = Optional.of(new BigDecimal(price));
        });
  }

  /** From a moment on it costs this. */
  public FakeListing price(Instant at, String other) {
    return changed(new Change(at, new BigDecimal(other), 0, false));
  }

  /** From a moment on so many have bid. */
  public FakeListing bid(Instant at, String highest, int bids) {
    return changed(new Change(at, new BigDecimal(highest), bids, false));
  }

  /** From a moment on there is none left. */
  public FakeListing soldOut(Instant at) {
    return changed(new Change(at, amount, 0, true));
  }

  private FakeListing changed(Change change) {
    return with(
        draft -> {
          draft.changes = new ArrayList<>(draft.changes);
          draft.changes.add(change);
        });
  }

  private FakeListing with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return new FakeListing(
        id,
        draft.variation,
        title,
        draft.seller,
        draft.score,
        draft.kind,
        currency,
        amount,
        draft.buyNow,
        draft.conditionId,
        country,
        from,
        draft.until,
        draft.sites,
        draft.changes);
  }

  /** What of this one can be another. */
  private final class Draft {
    private String variation = FakeListing.this.variation;
    private String seller = FakeListing.this.seller;
    private int score = FakeListing.this.score;
    private Set<String> kind = FakeListing.this.kind;
    private Optional<BigDecimal> buyNow = FakeListing.this.buyNow;
    private String conditionId = FakeListing.this.conditionId;
    private Instant until = FakeListing.this.until;
    private Set<EbaySite> sites = FakeListing.this.sites;
    private List<Change> changes = FakeListing.this.changes;
  }

  /** How it is at a moment. */
  Change at(Instant now) {
    Change last = new Change(from, amount, 0, false);
    for (Change change : changes) {
      if (!change.at().isAfter(now)) {
        last = change;
      }
    }
    return last;
  }

  boolean isLive(Instant now) {
    return !now.isBefore(from) && now.isBefore(until);
  }

  String itemId() {
    return "v1|" + id + "|" + variation;
  }

  /** Its words as the search sees them. */
  Set<String> words() {
    return Set.of(
        Arrays.stream(title.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .distinct()
            .toArray(String[]::new));
  }
}
