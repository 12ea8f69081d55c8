package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.story.Happening;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A market as it goes on: all that is wanted is told, each thing once. Here it is some days; {@code
 * bench/scout} takes a month of 50,000 listings.
 */
class MonthTest {
  private static final String START = "2026-03-01T00:00:00Z";
  private static final int LISTINGS = Integer.getInteger("solebox.listings", 800);
  private static final int CALLS = Integer.getInteger("solebox.calls", 800);
  private static final int DAYS = Integer.getInteger("solebox.days", 2);

  private static final List<String> CARDS =
      List.of(
          "NVIDIA Tesla V100 SXM2 16GB HBM2 GPU",
          "Nvidia Tesla V100 PCIe 32GB",
          "NVIDIA A100 40GB PCIe",
          "Tesla P40 24GB GDDR5",
          "NVIDIA DRIVE A100 PG199",
          "GeForce RTX 3060 12GB OVP",
          "Kühler für Tesla V100 SXM2, heatsink only",
          "HP Netzteil 1200W",
          "Server memory 64GB DDR4 ECC",
          "Mellanox ConnectX-5 100GbE");

  @TempDir private Path folder;

  private static List<FakeListing> listings(Random random) {
    Instant start = Instant.parse(START);
    List<FakeListing> all = new ArrayList<>();
    for (int i = 0; i < LISTINGS; i++) {
      // Some were there before, and one in ten is sold within a day.
      long offset = random.nextLong(-5L * 86_400, DAYS * 86_400L);
      Instant from = start.plusSeconds(offset);
      long life = random.nextInt(10) == 0 ? 86_400 : 10 * 86_400;
      FakeListing listing =
          FakeListing.fixed(
                  Integer.toString(100_000 + i),
                  CARDS.get(random.nextInt(CARDS.size())) + " no " + i,
                  Integer.toString(100 + random.nextInt(900)),
                  random.nextInt(4) == 0 ? "USD" : "EUR",
                  from)
              .until(from.plusSeconds(life))
              .on(EbaySite.EBAY_DE, EbaySite.EBAY_US);
      if (random.nextInt(20) == 0) {
        listing = listing.price(from.plusSeconds(40_000), "50");
      }
      all.add(listing);
    }
    return all;
  }

  private static List<Watch> watches() {
    Set<Happening> tell = EnumSet.of(Happening.NEW, Happening.PRICE_DROP, Happening.BACK);
    return List.of(
        TellingTest.watch("v100", "v100", "400", tell),
        TellingTest.watch("a100", "a100", "300", tell));
  }

  @Test
  @Timeout(1200)
  void allThatIsWantedIsToldOnce() throws IOException, InterruptedException {
    ScriptedClock clock = new ScriptedClock(START);
    List<FakeListing> listings = listings(new Random(11));
    try (FakeEbay ebay = new FakeEbay(clock);
        Database database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
        Month month =
            new Month(
                ebay,
                clock,
                database,
                watches(),
                EnumSet.of(EbaySite.EBAY_DE, EbaySite.EBAY_US),
                CALLS,
                () -> {})) {
      ebay.put(listings);
      Instant start = clock.instant();
      long begun = System.nanoTime();
      month.until(start.plus(Duration.ofDays(1)));
      long early = used();
      month.until(start.plus(Duration.ofDays(DAYS)));
      long late = used();
      assertEquals(List.of(), month.problems);
      assertEquals(List.of(), month.perhapsAgain);
      assertEquals(
          month.arrived.size(), new HashSet<>(month.arrived).size(), "nothing is told twice");
      assertToldWhatWasWanted(listings, month.arrived, start);
      System.out.printf(
          "%d listings, %d told, %d calls, %d s; heap %d MiB after a day and %d MiB after %d; file %d"
              + " MiB%n",
          LISTINGS,
          month.arrived.size(),
          ebay.count(FakeEbay.Call.SEARCH),
          (System.nanoTime() - begun) / 1_000_000_000,
          early >> 20,
          late >> 20,
          DAYS,
          Files.size(folder.resolve(ScoutTables.FILE)) >> 20);
      assertTrue(late - early < 32L << 20, "memory grew from " + early + " to " + late);
    }
  }

  private static void assertToldWhatWasWanted(
      List<FakeListing> listings, List<String> arrived, Instant start) {
    Set<String> told = new HashSet<>(arrived);
    List<String> missing = new ArrayList<>();
    Instant last = start.plus(Duration.ofDays(DAYS)).minus(Duration.ofHours(2));
    for (FakeListing each : listings) {
      boolean wanted =
          each.title().contains("V100") && !each.title().contains("only") && isBelow(each, 400)
              || each.title().contains("A100") && isBelow(each, 300);
      boolean isNew = each.from().isAfter(start.plusSeconds(3600)) && each.from().isBefore(last);
      if (wanted && isNew && !told.contains("NEW " + each.id())) {
        missing.add(each.id() + " " + each.title() + " " + each.amount() + each.currency());
      }
    }
    assertEquals(List.of(), missing.stream().limit(10).toList(), missing.size() + " are missing");
  }

  /** Amounts in other currencies are not left out by a band. */
  private static boolean isBelow(FakeListing each, int most) {
    return !each.currency().equals("EUR") || each.amount().intValueExact() <= most;
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
