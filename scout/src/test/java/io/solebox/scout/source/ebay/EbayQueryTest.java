package io.solebox.scout.source.ebay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Search;
import io.solebox.scout.watch.Watch;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EbayQueryTest {
  @TempDir Path folder;

  private static Watch watch(List<String> any, List<String> all, List<String> cards) {
    return new Watch(
        "cards",
        any,
        all,
        List.of("heatsink"),
        List.of("699-2G506*"),
        cards,
        Optional.of(
            new Watch.Band(
                Optional.of(Money.of("10", "EUR")), Optional.of(Money.of("500", "EUR")))),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(Condition.FOR_PARTS, Condition.NEW),
        Set.of(Watch.Kind.AUCTION, Watch.Kind.OFFER),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        Set.of("bad_seller", "ebay:00000000000000000000000000000000"),
        Optional.of("FR"),
        Optional.of("27386"),
        Set.of("EBAY_DE", "EBAY_US"),
        Set.of(),
        Set.of());
  }

  private static String query(EbaySite site, Watch watch) {
    Search search = new Search(site.name(), "V100", Optional.of(watch));
    EbayQuery query = EbayQuery.of(site, search, Optional.of("DE"));
    return URLDecoder.decode(query.path(200), StandardCharsets.UTF_8) + " " + query.headers();
  }

  @Test
  void aWatchIsAskedForAsTheApiWantsIt() {
    Watch watch = watch(List.of("V100"), List.of(), List.of());
    assertEquals(
        "/buy/browse/v1/item_summary/search?q=V100&category_ids=27386&sort=newlyListed&limit=200"
            + "&offset=200&filter=buyingOptions:{AUCTION|BEST_OFFER},price:[10..500],"
            + "priceCurrency:EUR,conditionIds:{1000|1500|1750|7000},deliveryCountry:FR,"
            + "excludeSellers:{bad_seller}"
            + " {X-EBAY-C-ENDUSERCTX=contextualLocation=country%3DFR,"
            + " X-EBAY-C-MARKETPLACE-ID=EBAY_DE}",
        query(EbaySite.EBAY_DE, watch));
    // A band in euros says nothing of dollars.
    assertFalse(query(EbaySite.EBAY_US, watch).contains("price"));
    assertTrue(
        query(EbaySite.EBAY_US, EbayBench.watch("V100"))
            .contains("filter=buyingOptions:{AUCTION|BEST_OFFER|FIXED_PRICE} {"));
  }

  @Test
  void wordsThatTheSearchDoesNotKnowBecomeOnesThatFindMore() {
    assertEquals(
        List.of("tesla v100 nvidia", "(A100, A1OO, tesl, PG199, 699-2G506, V100, P40) nvidia"),
        EbayWords.of(
            watch(
                List.of("\"tesla v100\"", "A100~", "A1OO", "tesl*", "PG199~2", "PG199"),
                List.of("nvidia"),
                List.of("V100-SXM2-32GB", "V100-PCIE-16GB", "P40"))));
    assertEquals(List.of("699-2G506"), EbayWords.of(watch(List.of(), List.of(), List.of())));
    assertEquals(List.of(), EbayWords.of(EbayBench.watch()));
  }

  @Test
  void longListsBecomeSeveralSearches() {
    String[] many = new String[30];
    for (int i = 0; i < many.length; i++) {
      many[i] = "number" + i;
    }
    List<String> searches = EbayWords.of(EbayBench.watch(many));
    assertTrue(searches.stream().allMatch(words -> words.length() <= 100), searches.toString());
    for (String word : many) {
      assertTrue(
          searches.stream().anyMatch(words -> words.matches(".*\\b" + word + "\\b.*")), word);
    }
  }

  @Test
  void aWatchOfSomeSitesIsAskedForThereAloneAndFindsWhatItIsMeantTo() throws Exception {
    try (EbayBench bench = new EbayBench(folder)) {
      Watch watch = watch(List.of("V100"), List.of(), List.of());
      assertEquals(
          List.of("EBAY_DE", "EBAY_US"),
          bench.source.searches(List.of(watch)).stream().map(Search::site).toList());
      assertEquals(3, bench.source.searches(List.of(EbayBench.watch("V100"))).size());
      var start = bench.clock.instant();
      bench.ebay.put(
          FakeListing.auction("1", "V100", "20", "EUR", start).condition("7000"),
          FakeListing.auction("2", "V100", "20", "EUR", start),
          FakeListing.auction("3", "V100", "900", "EUR", start).condition("7000"),
          FakeListing.fixed("4", "V100", "20", "EUR", start).condition("7000"),
          FakeListing.auction("5", "V100", "20", "EUR", start)
              .condition("1000")
              .by("bad_seller", 1),
          FakeListing.auction("6", "P100", "20", "EUR", start).condition("1000"));
      Found found =
          bench.source.find(bench.source.searches(List.of(watch)).getFirst(), EbayBench.NOTHING);
      assertEquals(Set.of(EbayBench.key("1")), EbayBench.byKey(found).keySet());
    }
  }

  @Test
  void sitesAreKnownByWholeAndShortNames() {
    assertEquals(16, EbaySite.values().length);
    assertEquals(Optional.of(EbaySite.EBAY_GB), EbaySite.of("gb"));
    assertEquals(Optional.of(EbaySite.EBAY_DE), EbaySite.of("EBAY_DE"));
    assertEquals(Optional.empty(), EbaySite.of("EBAY_XX"));
  }
}
