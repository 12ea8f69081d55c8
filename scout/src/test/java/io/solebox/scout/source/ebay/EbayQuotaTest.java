package io.solebox.scout.source.ebay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay.Call;
import io.solebox.scout.fake.Fault;
import io.solebox.scout.source.Found;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EbayQuotaTest {
  /** Midnight in California; the bench begins at noon in London. */
  private static final Instant RESET = Instant.parse("2026-03-03T08:00:00Z");

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

  private EbayQuota.Pool browse() {
    return bench.source.quota().pools().getFirst();
  }

  private int findUntilUsedUp() throws InterruptedException {
    int found = 0;
    while (bench.find() instanceof Found.Whole) {
      found++;
    }
    return found;
  }

  @Test
  void whenTheOwnersCallsAreUsedUpTheWaitUntilTheResetIsSaid() throws Exception {
    bench.restart(OptionalInt.of(25));
    assertEquals(25, findUntilUsedUp());
    var part = assertInstanceOf(Found.Part.class, bench.find());
    assertEquals(Duration.between(bench.clock.instant(), RESET), part.pause());
    assertTrue(part.reason().contains("25 calls of buy.browse"), part.reason());
    assertEquals(25, bench.ebay.count(Call.SEARCH));
    assertEquals(part.pause(), bench.source.every(10));
    bench.clock.set(RESET);
    assertInstanceOf(Found.Whole.class, bench.find());
  }

  @Test
  void aStartAnewForgetsNoCallAndALargerBudgetCountsFromWhatWasUsed() throws Exception {
    bench.restart(OptionalInt.of(30));
    for (int i = 0; i < 10; i++) {
      bench.find();
    }
    bench.restart(OptionalInt.of(30));
    // 1, 2, 4 and 8 were set aside when the process ended; fifteen are left of thirty.
    assertEquals(15, findUntilUsedUp());
    bench.restart(OptionalInt.of(35));
    assertEquals(5, findUntilUsedUp());
  }

  @Test
  void whatOthersHaveUsedOfTheSameKeyCounts() throws Exception {
    bench.ebay.quota(100);
    bench.ebay.useUp(60);
    assertEquals(40, findUntilUsedUp());
    assertEquals(0, bench.ebay.count(Call.SEARCH) - 40);
    EbayQuota.Pool pool = browse();
    assertEquals(100, pool.allowed());
    assertEquals(0, pool.left());
    assertEquals(RESET, pool.resets());
  }

  @Test
  void a429IsTheDaysEndExactlyWhereTheQuotaSaysSo() throws Exception {
    bench.find();
    bench.ebay.useUp(6000);
    var day = assertInstanceOf(Found.Part.class, bench.find());
    assertEquals(Duration.between(bench.clock.instant(), RESET), day.pause());
    bench.clock.set(RESET);
    bench.ebay.next(Call.SEARCH, new Fault.Status(429));
    var moment = assertInstanceOf(Found.Part.class, bench.find());
    assertTrue(moment.pause().compareTo(Duration.ofMinutes(2)) < 0, moment.toString());
  }

  @Test
  void withoutAWordOfEbaysTheUsualLimitsHold() throws Exception {
    bench.ebay.next(Call.LIMITS, new Fault.Status(204));
    bench.find();
    assertEquals(5000, browse().allowed());
    assertTrue(browse().live().isEmpty());
    assertEquals(1, bench.ebay.count(Call.LIMITS));
    bench.clock.wind(Duration.ofMinutes(16));
    bench.find();
    assertEquals(2, bench.ebay.count(Call.LIMITS));
    assertEquals(5000, browse().live().orElseThrow().limit());
  }

  @Test
  void searchesAreSpreadOverTheDayAndOverWhatIsLeft() throws Exception {
    bench.find();
    // 40 searches within three quarters of 5,000 calls.
    assertEquals(Duration.ofMillis(921_600), bench.source.every(40));
    bench.ebay.useUp(4800);
    bench.clock.wind(Duration.ofHours(3));
    bench.find();
    Duration rest = bench.source.every(40);
    assertTrue(rest.compareTo(Duration.ofHours(4)) > 0, rest.toString());
  }

  @Test
  void oneSearchIsAskedOnceAMinuteAtMost() {
    assertEquals(Duration.ofMinutes(1), bench.source.every(1));
  }

  @Test
  void thingsAreCountedApartFromSearches() throws Exception {
    bench.source.refresh(List.of(EbayBench.key("1")));
    assertEquals(0, browse().used());
    assertEquals(1, bench.source.quota().pools().get(1).used());
  }

  @Test
  void theDoctorLearnsTheQuotaAndTheTime() throws Exception {
    var accepted = assertInstanceOf(EbayCheck.Accepted.class, bench.source.check());
    assertEquals(5000, accepted.quota().pools().getFirst().live().orElseThrow().limit());
    assertTrue(accepted.clockBehind().isPresent());
    assertEquals(
        accepted.quota().pools().size(), bench.database.read(EbayQuota::read).pools().size());
  }
}
