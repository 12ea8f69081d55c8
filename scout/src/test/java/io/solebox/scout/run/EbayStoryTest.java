package io.solebox.scout.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.scout.fake.FakeEbay;
import io.solebox.scout.fake.FakeListing;
import io.solebox.scout.fake.ScriptedClock;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.settings.EbaySettings;
import io.solebox.scout.settings.SecretPlace;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.ebay.EbaySite;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.state.Searches;
import io.solebox.scout.story.Event;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nine days of a few things on three sites of the fake eBay, looked at every hour. */
class EbayStoryTest {
  private static final Watch WATCH =
      new Watch(
          "v100",
          List.of("V100"),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Set.of(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Set.of(),
          Set.of());

  @TempDir Path folder;
  private final ScriptedClock clock = new ScriptedClock("2026-03-02T12:00:00Z");
  private final Instant start = clock.instant();
  private final List<String> heard = new ArrayList<>();

  private Instant day(int days) {
    return start.plus(Duration.ofDays(days));
  }

  /** Whatever happens to anything is heard. */
  private final class Recorder implements Hearing {
    @Override
    public Interest interest(Sighting seen) {
      return new Interest(Judgement.NONE, List.of("v100"), Map.of());
    }

    @Override
    public void seen(Sql sql, Sighting seen, Interest interest) {}

    @Override
    public String wishes() {
      return "";
    }

    @Override
    public void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh) {}

    @Override
    public void happened(Sql sql, Event event, Interest interest, List<String> before) {
      heard.add(
          "day %d %s %s"
              .formatted(
                  Duration.between(start, clock.instant()).toDays(),
                  event.happening(),
                  event.sighting().key().id()));
    }
  }

  private static final class Deaf implements RunListener {
    @Override
    public void asked(String market, Search search, Found found) {}

    @Override
    public void refreshed(String market, int asked, Refreshed refreshed) {}

    @Override
    public void closed(String market, String reason, String remedy) {}

    @Override
    public void failed(String who, RuntimeException failure) {}
  }

  private void putThings(FakeEbay ebay) {
    Instant put = start.minusSeconds(60);
    ebay.put(
        // Of Britain, on three sites in three currencies whose rates move each day; cheaper twice.
        FakeListing.fixed("1", "V100 one", "450.00", "GBP", put)
            .price(day(1), "400.00")
            .price(day(4), "380.00"),
        // An auction on which others bid.
        FakeListing.auction("2", "V100 two", "1.00", "EUR", put)
            .bid(day(1), "50.00", 3)
            .bid(day(6), "120.00", 9),
        // Sold out for two days.
        FakeListing.fixed("3", "V100 three", "100.00", "EUR", put)
            .soldOut(day(3))
            .price(day(5), "100.00"),
        // Ended, and put up again under another number.
        FakeListing.fixed("4", "V100 four", "70.00", "USD", put).by("four", 9).until(day(2)),
        FakeListing.fixed("5", "V100 four", "70.00", "USD", day(6)).by("four", 9));
  }

  @Test
  void eachThingThatHappensIsHeardOnceOnWhicheverSiteItIsSeen() throws Exception {
    try (FakeEbay ebay = new FakeEbay(clock);
        Database database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
        Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL)) {
      putThings(ebay);
      Ledger ledger = new Ledger(database, new Recorder());
      SourceWork work =
          new SourceWork(
              parts(ebay, outbound, database).source(),
              List.of(WATCH),
              ledger,
              new Searches(database),
              clock,
              new Random(1),
              new Deaf());
      work.begin();
      while (clock.instant().isBefore(day(9))) {
        Instant next = work.step();
        while (!next.isAfter(clock.instant())) {
          next = work.step();
        }
        clock.wind(Duration.ofHours(1));
      }
      assertEquals(
          List.of(
              "day 0 NEW 1",
              "day 0 NEW 2",
              "day 0 NEW 3",
              "day 0 NEW 4",
              "day 1 PRICE_DROP 1",
              "day 4 PRICE_DROP 1",
              "day 5 BACK 3",
              "day 6 BACK 5",
              "day 6 ENDING 2"),
          heard);
      assertEquals(
          List.of("1", "3", "5"), // of what has ended nothing of its listing is left
          database.read(
              sql ->
                  sql.list(
                      row -> row.getString(1),
                      "SELECT id FROM item WHERE details IS NOT NULL ORDER BY id")));
    }
  }

  private EbayParts parts(FakeEbay ebay, Outbound outbound, Database database) {
    return EbayParts.of(
        new EbaySettings(
            ebay.address(),
            FakeEbay.CLIENT_ID,
            new SecretPlace.InVariable("SECRET"),
            Set.of(EbaySite.EBAY_DE, EbaySite.EBAY_GB, EbaySite.EBAY_US),
            OptionalInt.empty(),
            Optional.empty()),
        Optional.of("DE"),
        Map.of("SECRET", FakeEbay.SECRET),
        outbound,
        database,
        clock,
        new Random(1));
  }
}
