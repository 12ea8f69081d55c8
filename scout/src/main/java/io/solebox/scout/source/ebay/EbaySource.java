package io.solebox.scout.source.ebay;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Outbound;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** eBay by its Browse API, within the quota of one key. Nothing of what it answers is kept here. */
public final class EbaySource implements Source {
  /** Of the day's calls, what searches are spread over; the rest is for further pages. */
  private static final double SPREAD = 0.75;

  private static final Duration LEAST = Duration.ofMinutes(1);

  private final EbayAccount account;
  private final QuotaBook book;
  private final EbayCalls calls;
  private final EbayItems items;
  private final EbayLooks looks;
  private final Missing missing = new Missing();
  private final InstantSource clock;

  /**
   * @param database with the tables of the scout
   * @param random for waits that differ
   */
  public EbaySource(
      EbayAccount account,
      Outbound outbound,
      Database database,
      SellerKeys sellers,
      InstantSource clock,
      RandomGenerator random) {
    this.account = account;
    this.clock = clock;
    this.book = new QuotaBook(database, clock, account.callsPerDay());
    var wire = new EbayWire(outbound, clock);
    var tokens = new EbayTokens(account, wire, book, clock, new Backoff(random));
    this.calls = new EbayCalls(account, wire, tokens, book, clock, random);
    this.items = new EbayItems(sellers, missing);
    this.looks = new EbayLooks(account, calls, items, clock);
  }

  @Override
  public String market() {
    return EbayItems.MARKET;
  }

  @Override
  public List<Search> searches(List<Watch> watches) {
    Set<Search> searches = new LinkedHashSet<>();
    for (Watch watch : watches) {
      for (String words : EbayWords.of(watch)) {
        account.sites().stream()
            .filter(site -> watch.sites().isEmpty() || watch.sites().contains(site.name()))
            .forEach(site -> searches.add(new Search(site.name(), words, Optional.of(watch))));
      }
    }
    return List.copyOf(searches);
  }

  /** So that the day's calls last the day, and those that are left until the reset. */
  @Override
  public Duration every(int searches) {
    EbayQuota.Pool pool = book.pool(EbayPool.BROWSE);
    Duration rest = book.untilReset(EbayPool.BROWSE);
    if (searches == 0 || pool.left() == 0) {
      return rest;
    }
    Duration even = spread(Duration.ofDays(1), searches, pool.allowed());
    Duration left = spread(rest, searches, pool.left());
    Duration longer = even.compareTo(left) > 0 ? even : left;
    return longer.compareTo(LEAST) > 0 ? longer : LEAST;
  }

  private static Duration spread(Duration time, int searches, long calls) {
    return Duration.ofMillis((long) Math.ceil(time.toMillis() * searches / (calls * SPREAD)));
  }

  @Override
  public Found find(Search search, Known known) throws InterruptedException {
    EbaySite site =
        EbaySite.of(search.site())
            .orElseThrow(() -> new IllegalArgumentException("no site of eBay: " + search.site()));
    EbayQuery query = EbayQuery.of(site, search, account.country());
    return noted(new EbayPages(calls, items, clock, query, known).read());
  }

  @Override
  public int mostRefreshed() {
    return looks.most();
  }

  @Override
  public Refreshed refresh(List<ItemKey> keys) throws InterruptedException {
    Refreshed refreshed = looks.look(keys);
    return new Refreshed(noted(refreshed.found()), refreshed.gone());
  }

  /** With what is missing in answers, said once. */
  private Found noted(Found found) {
    return switch (found) {
      case Found.Whole(List<Sighting> sightings, List<String> notes) -> {
        List<String> all = new ArrayList<>(notes);
        all.addAll(missing.take());
        yield new Found.Whole(sightings, all);
      }
      case Found.Part _, Found.Closed _ -> found;
    };
  }

  /** What is known of the quota; asks nobody. */
  public EbayQuota quota() {
    return book.quota();
  }

  /** Asks eBay for the quota, which costs none, and so whether it takes the key. */
  public EbayCheck check() throws InterruptedException {
    return switch (calls.askLimits()) {
      case Answer.Got got -> new EbayCheck.Accepted(book.quota(), calls.clockBehind(got.head()));
      case Answer.Later(Duration pause, String reason) -> new EbayCheck.NotNow(pause, reason);
      case Answer.TooOften(Duration pause, String reason) -> new EbayCheck.NotNow(pause, reason);
      case Answer.Closed(String reason, String remedy) -> new EbayCheck.Refused(reason, remedy);
      case Answer.Refused(_, _, String reason) ->
          new EbayCheck.Refused(
              "eBay does not tell this key its quota: " + reason,
              "See at developer.ebay.com what the key may do.");
    };
  }

  /** For what eBay signs; see {@link DeletionNotices}. */
  public NoticeKeys noticeKeys() {
    return new NoticeKeys(calls, clock);
  }
}
