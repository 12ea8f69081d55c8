package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.outbox.KilledDatabase;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process ends between every two of its durable steps, and after each message that was taken:
 * nothing is lost, and nothing is told twice but what the scout has not heard was taken, which says
 * so.
 */
class KillLoopTest {
  private static final String START = "2026-03-01T00:00:00Z";

  private static final List<String> EXPECTED =
      List.of("NEW 10", "NEW 11", "NEW 12", "NEW 13", "PRICE_DROP 1");

  private static final List<Watch> WATCHES =
      List.of(
          TellingTest.watch(
              "v100",
              "v100",
              "450",
              EnumSet.of(Happening.NEW, Happening.PRICE_DROP, Happening.BACK)));

  /** All of them take minutes; {@code bench/scout} takes them. */
  private static final int STRIDE = Integer.getInteger("solebox.stride", 23);

  @TempDir private Path folder;

  private static void fill(FakeEbay ebay, Instant start) {
    String title = "NVIDIA Tesla V100 SXM2 32GB no ";
    Instant later = start.plus(Duration.ofMinutes(20));
    ebay.put(
        FakeListing.fixed("1", title + "1", "440", "EUR", start.minusSeconds(60))
            .price(later, "300"),
        FakeListing.fixed("2", title + "2", "410", "EUR", start.minusSeconds(90)),
        FakeListing.fixed("10", title + "10", "400", "EUR", later),
        FakeListing.fixed("11", title + "11", "410", "USD", later.plusSeconds(1)),
        FakeListing.fixed("12", title + "12", "420", "EUR", later.plusSeconds(2)),
        FakeListing.fixed("13", title + "13", "430", "EUR", later.plusSeconds(2000)));
  }

  /** One life of some: the process ends after so many steps, or after a day. */
  private boolean live(FakeEbay ebay, ScriptedClock clock, Path file, int steps, Told told)
      throws InterruptedException {
    try (Database open = ScoutTables.open(file)) {
      KilledDatabase database = new KilledDatabase(open, steps);
      try (Month scout =
          new Month(
              ebay, clock, database, WATCHES, EnumSet.of(EbaySite.EBAY_DE), 4000, database::step)) {
        try {
          scout.until(Instant.parse(START).plus(Duration.ofMinutes(65)));
        } finally {
          scout.arrived.forEach(what -> told.times.merge(what, 1, Integer::sum));
          told.perhaps.addAll(scout.perhapsAgain);
        }
      }
      return true;
    } catch (KilledDatabase.Killed e) {
      return false;
    }
  }

  private static final class Told {
    final Map<String, Integer> times = new TreeMap<>();
    final List<String> perhaps = new ArrayList<>();
  }

  @Test
  @Timeout(1200)
  void nothingIsLostWhereverItEnds() throws IOException, InterruptedException {
    int kills = 0;
    for (int steps = 0; ; steps += STRIDE) {
      ScriptedClock clock = new ScriptedClock(START);
      Told told = new Told();
      Path file = Files.createDirectory(folder.resolve("killed-" + steps)).resolve("scout.db");
      boolean whole;
      try (FakeEbay ebay = new FakeEbay(clock)) {
        fill(ebay, Instant.parse(START));
        whole = live(ebay, clock, file, steps, told);
        if (!whole) {
          kills++;
          assertTrue(live(ebay, clock, file, Integer.MAX_VALUE, told), "the second life is whole");
        }
      }
      int after = steps;
      assertEquals(
          EXPECTED, List.copyOf(told.times.keySet()), () -> "killed after " + after + " steps");
      told.times.forEach(
          (what, times) ->
              assertTrue(
                  times == 1 || times == 2 && told.perhaps.contains(what),
                  () -> what + " came " + times + " times, killed after " + after + " steps"));
      if (whole) {
        break;
      }
    }
    assertTrue(kills * STRIDE > 150, "only " + kills + " of " + STRIDE + " steps");
    System.out.println(
        "ended at "
            + kills
            + " of "
            + kills * STRIDE
            + " steps: nothing lost, nothing told twice that was acknowledged");
  }
}
