package io.solebox.scout.source.ebay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay.Call;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.Fault;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EbaySourceTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path folder;
  private EbayBench bench;

  @BeforeEach
  void open() {
    bench = new EbayBench(folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Instant ago(int minutes) {
    return bench.clock.instant().minusSeconds(60L * minutes);
  }

  private Sighting only(Found found) {
    assertInstanceOf(Found.Whole.class, found);
    assertEquals(1, found.sightings().size(), found.toString());
    return found.sightings().getFirst();
  }

  @Test
  void oneThingOnThreeSitesIsOneThingAtOnePriceWhateverTheRates() throws Exception {
    bench.ebay.put(FakeListing.fixed("110", "Tesla V100 32GB", "450.00", "GBP", ago(5)));
    Set<ItemKey> keys = new HashSet<>();
    Set<Money> shown = new HashSet<>();
    for (int day = 0; day < 3; day++) {
      for (EbaySite site : List.of(EbaySite.EBAY_DE, EbaySite.EBAY_GB, EbaySite.EBAY_US)) {
        Sighting seen = only(bench.find(site, "V100", EbayBench.NOTHING));
        keys.add(seen.key());
        assertEquals(new Sale.Fixed(Money.of("450.00", "GBP"), false), seen.sale());
        assertEquals(new Shipping.Costs(Money.of("9.00", "GBP")), seen.shipping());
        seen.shown().ifPresent(shown::add);
      }
      bench.clock.wind(DAY);
    }
    assertEquals(Set.of(EbayBench.key("110")), keys);
    assertEquals(6, shown.size(), shown.toString()); // euros and dollars of three days
  }

  @Test
  void whatASightingSaysIsWhatEbaySays() throws Exception {
    bench.ebay.put(
        FakeListing.fixed("111", "  V100 @everyone <b>\u202Elot</b>\n", "99.5", "EUR", ago(5))
            .condition("7000")
            .sold(Set.of("FIXED_PRICE", "BEST_OFFER"))
            .by("Some.Seller", 7));
    Sighting seen = only(bench.find());
    assertEquals("V100 @everyone <b> lot</b>", seen.title());
    assertEquals("https://www.ebay.de/itm/111", seen.page().toString());
    assertEquals(Condition.FOR_PARTS, seen.condition());
    assertEquals(new Sale.Fixed(Money.of("99.5", "EUR"), true), seen.sale());
    assertEquals(ago(5), seen.listed().orElseThrow());
    assertEquals("DE", seen.country().orElseThrow());
    assertEquals(7, seen.seller().orElseThrow().score().orElseThrow());
    assertEquals(bench.sellers.of("some.seller"), seen.seller().orElseThrow().key());
    assertFalse(seen.toString().toLowerCase(Locale.ROOT).contains("some.seller"));
  }

  @Test
  void bidsAndTheEndOfAnAuctionAreItsOwn() throws Exception {
    Instant start = ago(5);
    bench.ebay.put(
        FakeListing.auction("112", "V100", "1.00", "EUR", start)
            .buyNow("300.00")
            .bid(start.plusSeconds(30), "55.00", 4));
    Sale sale = only(bench.find()).sale();
    var auction = assertInstanceOf(Sale.Auction.class, sale);
    assertEquals(Money.of("55.00", "EUR"), auction.bid());
    assertEquals(4, auction.bids());
    assertEquals(start.plus(Duration.ofDays(7)), auction.ends());
    assertEquals(Money.of("300.00", "EUR"), auction.buyNow().orElseThrow());
  }

  @Test
  void variationsOfOneListingAreThingsOfOneGroup() throws Exception {
    bench.ebay.put(
        FakeListing.fixed("113", "V100 16GB", "200.00", "EUR", ago(5)).variation("901"),
        FakeListing.fixed("113", "V100 32GB", "400.00", "EUR", ago(5)).variation("902"));
    Map<ItemKey, Sighting> seen = EbayBench.byKey(bench.find());
    assertEquals(
        Set.of(new ItemKey("ebay", "113", "901"), new ItemKey("ebay", "113", "902")),
        seen.keySet());
    assertTrue(seen.values().stream().allMatch(one -> one.group().orElseThrow().equals("113")));
  }

  private void putMany(int first, int count) {
    List<FakeListing> many = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      many.add(FakeListing.fixed("" + (10_000 + i), "V100 no " + i, "5", "EUR", ago(20_000 - i)));
    }
    bench.ebay.put(many);
  }

  @Test
  void pagesAreReadUntilAWholeOneIsKnown() throws Exception {
    putMany(0, 1000);
    Set<ItemKey> known = new HashSet<>();
    known.addAll(EbayBench.byKey(bench.find()).keySet());
    assertEquals(1000, known.size());
    putMany(1000, 230);
    int before = bench.ebay.count(Call.SEARCH);
    Found found = bench.find(EbaySite.EBAY_DE, "V100", known::contains);
    assertInstanceOf(Found.Whole.class, found);
    assertEquals(600, found.sightings().size());
    // Two pages with new things, one without, and the two once more.
    assertEquals(5, bench.ebay.count(Call.SEARCH) - before);
    int again = bench.ebay.count(Call.SEARCH);
    known.addAll(EbayBench.byKey(found).keySet());
    bench.find(EbaySite.EBAY_DE, "V100", known::contains);
    assertEquals(1, bench.ebay.count(Call.SEARCH) - again);
  }

  @Test
  void nothingIsMissedWhenThingsComeAndGoBetweenTwoPages() throws Exception {
    putMany(0, 600);
    Known old = key -> Integer.parseInt(key.id()) < 10_300;
    bench.ebay.next(
        Call.SEARCH,
        new Fault.None(),
        new Fault.After(
            () -> {
              for (int i = 560; i < 590; i++) { // on the page that was read
                bench.ebay.remove("v1|" + (10_000 + i) + "|0");
              }
            }),
        new Fault.After(() -> putMany(600, 50)));
    Found found = bench.find(EbaySite.EBAY_DE, "V100", old);
    assertInstanceOf(Found.Whole.class, found);
    Set<ItemKey> seen = EbayBench.byKey(found).keySet();
    for (int i = 300; i < 650; i++) {
      assertTrue(seen.contains(EbayBench.key("" + (10_000 + i))), "missed " + i);
    }
  }

  @Test
  void moreThanEbayShowsIsSaid() throws Exception {
    putMany(0, 10_050);
    var found = assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(10_000, found.sightings().size());
    assertTrue(found.notes().toString().contains("newest 10000"), found.notes().toString());
    assertEquals(50, bench.ebay.count(Call.SEARCH));
  }

  @Test
  void whatHasEndedOrSoldOutIsGoneAndTheRestIsSeenAgain() throws Exception {
    Instant now = bench.clock.instant();
    bench.ebay.put(
        FakeListing.fixed("120", "V100", "200.00", "GBP", ago(50)),
        FakeListing.fixed("121", "V100", "200.00", "EUR", ago(50)).until(now.minusSeconds(1)),
        FakeListing.fixed("122", "V100", "200.00", "EUR", ago(50)).soldOut(now),
        FakeListing.fixed("123", "V100", "200.00", "EUR", ago(50)).price(now, "150.00"));
    List<ItemKey> keys =
        List.of("120", "121", "122", "123", "124").stream().map(EbayBench::key).toList();
    Refreshed refreshed = bench.source.refresh(keys);
    assertEquals(1, bench.ebay.count(Call.ITEMS));
    assertEquals(
        Set.of(EbayBench.key("121"), EbayBench.key("122"), EbayBench.key("124")),
        Set.copyOf(refreshed.gone()));
    Map<ItemKey, Sighting> seen = EbayBench.byKey(refreshed.found());
    assertEquals(Set.of(EbayBench.key("120"), EbayBench.key("123")), seen.keySet());
    assertEquals(
        Money.of("200.00", "GBP"), seen.get(EbayBench.key("120")).sale().asked().orElseThrow());
    assertEquals("699", seen.get(EbayBench.key("123")).aspects().get("MPN"));
    assertEquals(
        Money.of("150.00", "EUR"), seen.get(EbayBench.key("123")).sale().asked().orElseThrow());
  }

  @Test
  void thingsAreAskedForOneByOneWhereEbayAllowsNoMore() throws Exception {
    bench.ebay.allowBulk(false);
    bench.ebay.put(FakeListing.fixed("120", "V100", "200.00", "EUR", ago(50)));
    assertEquals(20, bench.source.mostRefreshed());
    Refreshed refreshed = bench.source.refresh(List.of(EbayBench.key("120"), EbayBench.key("9")));
    assertEquals(List.of(EbayBench.key("9")), refreshed.gone());
    assertEquals(Set.of(EbayBench.key("120")), EbayBench.byKey(refreshed.found()).keySet());
    assertEquals(1, bench.source.mostRefreshed());
    assertEquals(2, bench.ebay.count(Call.ITEM));
  }

  @Test
  void a404ThatIsNotEbaysMakesNothingGone() throws Exception {
    bench.ebay.next(Call.ITEMS, new Fault.Status(404));
    assertEquals(List.of(), bench.source.refresh(List.of(EbayBench.key("9"))).gone());
    bench.ebay.next(Call.ITEMS, new Fault.Status(404, Map.of(), "<h1>no such page</h1>"));
    assertEquals(List.of(), bench.source.refresh(List.of(EbayBench.key("9"))).gone());
    String error = "{\"errors\":[{\"errorId\":11001,\"message\":\"not found\"}]}";
    bench.ebay.next(Call.ITEMS, new Fault.Status(404, Map.of(), error));
    assertEquals(1, bench.source.refresh(List.of(EbayBench.key("9"))).gone().size());
  }

  @Test
  void aCutListOfThingsMakesNothingGone() throws Exception {
    bench.ebay.put(
        FakeListing.fixed("120", "V100", "200.00", "EUR", ago(50)),
        FakeListing.fixed("121", "V100", "200.00", "EUR", ago(50)));
    bench.ebay.next(Call.ITEMS, new Fault.Cut(1500));
    Refreshed refreshed = bench.source.refresh(List.of(EbayBench.key("120"), EbayBench.key("121")));
    assertInstanceOf(Found.Part.class, refreshed.found());
    assertEquals(1, refreshed.found().sightings().size());
    assertEquals(List.of(), refreshed.gone());
  }

  @Test
  void aMemberThatIsMissingIsSaidOnceAndAnUnknownOneNever() throws Exception {
    bench.ebay.put(
        FakeListing.fixed("130", "V100", "200.00", "EUR", ago(5)),
        FakeListing.fixed("131", "V100", "200.00", "EUR", ago(5)),
        FakeListing.auction("132", "V100", "1.00", "EUR", ago(5)));
    bench.ebay.next(
        Call.SEARCH, new Fault.Replaced("username", "nickname"), new Fault.Replaced("title", "t"));
    var first = assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(3, first.sightings().size());
    assertEquals(1, first.notes().size(), first.notes().toString());
    assertTrue(first.notes().getFirst().contains("seller.username"));
    var second = assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(0, second.sightings().size());
    assertEquals(1, second.notes().size(), second.notes().toString());
    bench.ebay.next(Call.SEARCH, new Fault.Replaced("title", "t"));
    assertEquals(List.of(), assertInstanceOf(Found.Whole.class, bench.find()).notes());
  }
}
