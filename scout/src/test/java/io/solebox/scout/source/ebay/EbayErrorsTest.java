package io.solebox.scout.source.ebay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.FakeEbay.Call;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.Fault;
import io.solebox.scout.source.Found;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said, and how long is to be waited, when something goes wrong; nothing here sleeps. */
class EbayErrorsTest {
  @TempDir Path folder;
  private EbayBench bench;

  @BeforeEach
  void open() {
    bench = new EbayBench(folder);
    for (int i = 0; i < 5; i++) {
      bench.ebay.put(
          FakeListing.fixed("20" + i, "V100", "9", "EUR", bench.clock.instant().minusSeconds(9)));
    }
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private Found.Part part() throws InterruptedException {
    return assertInstanceOf(Found.Part.class, bench.find());
  }

  private static void assertAbout(Duration least, Duration said) {
    assertTrue(
        said.compareTo(least) >= 0 && said.compareTo(least.multipliedBy(5).dividedBy(4)) <= 0,
        said + " where " + least + " was meant");
  }

  @Test
  void retryAfterIsObeyedInSecondsAndAsADate() throws Exception {
    bench.ebay.next(Call.SEARCH, new Fault.Status(429, Map.of("Retry-After", "90"), ""));
    assertAbout(Duration.ofSeconds(90), part().pause());
    String date = "Mon, 2 Mar 2026 12:10:00 GMT"; // ten minutes on
    bench.ebay.next(Call.SEARCH, new Fault.Status(503, Map.of("Retry-After", date), ""));
    assertAbout(Duration.ofMinutes(10), part().pause());
  }

  @Test
  void withoutItEachFailureInARowWaitsTwiceAsLong() throws Exception {
    bench.ebay.next(
        Call.SEARCH, new Fault.Status(429), new Fault.Status(500), new Fault.Status(502));
    assertAbout(Duration.ofSeconds(30), part().pause());
    assertAbout(Duration.ofSeconds(60), part().pause());
    assertAbout(Duration.ofSeconds(120), part().pause());
    assertInstanceOf(Found.Whole.class, bench.find());
    bench.ebay.next(Call.SEARCH, new Fault.Status(500));
    assertInstanceOf(Found.Part.class, bench.find());
  }

  @Test
  void whatCameBeforeTheCutCounts() throws Exception {
    bench.ebay.next(Call.SEARCH, new Fault.Cut(3000), new Fault.BreakOff(3000));
    for (int i = 0; i < 2; i++) {
      Found.Part found = part();
      int seen = found.sightings().size();
      assertTrue(seen >= 1 && seen < 5, "saw " + seen);
      assertTrue(found.reason().contains("not whole"), found.reason());
    }
    assertEquals(5, bench.find().sightings().size());
  }

  @Test
  void aPageOfHtmlIsNoAnswerAndNeitherIsOneThatIsTooLong() throws Exception {
    bench.ebay.next(
        Call.SEARCH,
        new Fault.Status(200, Map.of(), "<html>Maintenance</html>"),
        new Fault.Status(200, Map.of(), "{\"a\":\"" + "x".repeat(EbayWire.MOST_BYTES) + "\"}"));
    assertTrue(part().reason().contains("page instead of JSON"));
    assertTrue(part().reason().contains("longer than"));
  }

  @Test
  void whatNobodyAnswersIsAskedAgainLater() throws Exception {
    bench.ebay.close();
    assertAbout(Duration.ofSeconds(30), part().pause());
  }

  @Test
  void aTokenIsMintedOnceAndAgainShortlyBeforeItExpires() throws Exception {
    for (int i = 0; i < 3; i++) {
      bench.find();
    }
    assertEquals(1, bench.ebay.count(Call.TOKEN));
    bench.clock.wind(FakeEbay.TOKEN_LIFE.minusSeconds(200));
    assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(2, bench.ebay.count(Call.TOKEN));
  }

  @Test
  void manyWhoNeedATokenAtOnceMintOne() throws Exception {
    var wire = new EbayWire(bench.outbound, bench.clock);
    var book = new QuotaBook(bench.database, bench.clock, OptionalInt.empty());
    var tokens =
        new EbayTokens(
            bench.account(FakeEbay.SECRET, OptionalInt.empty()),
            wire,
            book,
            bench.clock,
            new Backoff(new Random(1)));
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<EbayTokens.Token>> askers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        askers.add(tokens::token);
      }
      for (var answer : threads.invokeAll(askers)) {
        assertInstanceOf(EbayTokens.Valid.class, answer.get());
      }
    }
    assertEquals(1, bench.ebay.count(Call.TOKEN));
  }

  @Test
  void tokensAreCountedAndNoMoreThanEbayMintsAreAskedFor() throws Exception {
    bench.find();
    assertEquals(1, bench.source.quota().pools().getLast().used());
    bench.database.transaction(sql -> sql.update("UPDATE ebay_quota SET used = 1000"));
    bench.restart(OptionalInt.empty());
    assertTrue(part().reason().contains("all tokens"));
    assertEquals(1, bench.ebay.count(Call.TOKEN));
  }

  @Test
  void aTokenThatIsNotTakenIsMintedAnewOnceAndNoMore() throws Exception {
    bench.find();
    bench.ebay.revokeTokens();
    assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(2, bench.ebay.count(Call.TOKEN));
    bench.ebay.next(Call.SEARCH, new Fault.Status(401), new Fault.Status(401));
    assertInstanceOf(Found.Closed.class, bench.find());
    assertEquals(3, bench.ebay.count(Call.TOKEN));
  }

  @Test
  void aClockThatJumpsCostsATokenAndNothingElse() throws Exception {
    bench.find();
    bench.clock.wind(Duration.ofDays(-3));
    bench.ebay.put(
        FakeListing.fixed("300", "V100", "9", "EUR", bench.clock.instant().minusSeconds(9)));
    assertInstanceOf(Found.Whole.class, bench.find());
    bench.clock.wind(Duration.ofDays(30));
    assertInstanceOf(Found.Whole.class, bench.find());
    assertEquals(3, bench.ebay.count(Call.TOKEN));
    assertTrue(bench.source.every(10).compareTo(Duration.ofDays(1)) < 0);
  }

  @Test
  void aWrongKeyClosesTheSourceWithARemedyAndShowsNoSecret() throws Exception {
    bench.source = bench.source(bench.account("not-the-secret", OptionalInt.empty()));
    var closed = assertInstanceOf(Found.Closed.class, bench.find());
    assertTrue(closed.reason().contains("invalid_client"), closed.reason());
    assertTrue(closed.remedy().contains("developer.ebay.com"));
    assertFalse(
        (closed + bench.account("not-the-secret", OptionalInt.empty()).toString())
            .contains("not-the-secret"));
    assertInstanceOf(EbayCheck.Refused.class, bench.source.check());
  }

  @Test
  void aSearchThatIsRefusedStopsNoOther() throws Exception {
    var whole =
        assertInstanceOf(
            Found.Whole.class, bench.find(EbaySite.EBAY_DE, "x".repeat(101), EbayBench.NOTHING));
    assertTrue(whole.notes().getFirst().contains("too long"), whole.notes().toString());
    bench.ebay.next(
        Call.SEARCH,
        new Fault.Status(403, Map.of(), "<h1>Access Denied</h1>"), // of something before eBay
        new Fault.Status(403));
    assertTrue(part().reason().contains("before eBay"));
    assertInstanceOf(Found.Closed.class, bench.find());
  }
}
