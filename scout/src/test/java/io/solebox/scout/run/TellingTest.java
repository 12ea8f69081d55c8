package io.solebox.scout.run;

import static io.solebox.scout.Sightings.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.Sightings;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judge;
import io.solebox.scout.judge.Outlooks;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.outbox.Pump;
import io.solebox.scout.outbox.Way;
import io.solebox.scout.run.Decision.Outcome;
import io.solebox.scout.source.Search;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.state.SearchDone;
import io.solebox.scout.state.Searches;
import io.solebox.scout.story.Happening;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From sightings to what arrives. */
class TellingTest {
  @TempDir private Path folder;

  private final List<Decision> decided = new ArrayList<>();
  private final List<String> arrived = new ArrayList<>();
  private Database database;

  static Watch watch(String name, String word, String most, Set<Happening> tell) {
    return watch(name, word, most, tell, Set.of());
  }

  private static Watch watch(
      String name, String word, String most, Set<Happening> tell, Set<String> sites) {
    return new Watch(
        name,
        List.of(word),
        List.of(),
        List.of("cooler"),
        List.of(),
        List.of(),
        Optional.of(new Watch.Band(Optional.empty(), Optional.of(Money.of(most, "EUR")))),
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
        sites,
        tell,
        Set.of());
  }

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Ledger ledger(Watch... watches) {
    return new Ledger(
        database,
        new Telling(
            List.of(watches), Set.of("phone"), new Judge(database, Outlooks.NONE), decided::add));
  }

  private static Search search(Watch watch) {
    return new Search("EBAY_DE", "v100", Optional.of(watch));
  }

  private static SearchDone done(int minutes) {
    Instant at = START.plusSeconds(60L * minutes);
    return new SearchDone(true, false, at, at, "");
  }

  private static Sighting at(String id, int minutes, String price) {
    return Sightings.at(id, minutes, price, "EUR");
  }

  private void pump(int minutes) throws InterruptedException {
    Channel phone =
        new Channel() {
          @Override
          public String name() {
            return "phone";
          }

          @Override
          public int most() {
            return 10;
          }

          @Override
          public Delivery send(Message message) {
            message
                .news()
                .forEach(
                    told -> {
                      if (told instanceof Notice notice) {
                        arrived.add(
                            notice.event().happening()
                                + " "
                                + notice.event().sighting().key().id());
                      }
                    });
            return new Delivery.Accepted(Duration.ZERO);
          }
        };
    new Pump(
            database,
            List.of(new Way(phone, "settings", Calm.NONE)),
            () -> START.plusSeconds(60L * minutes),
            new Random(3))
        .run();
  }

  @Test
  void theFirstRoundIsSilentAndTheNextIsNot() throws InterruptedException {
    Watch watch = watch("v100", "v100", "450", Set.of(Happening.NEW));
    new Searches(database).register("ebay", List.of(search(watch)), List.of());
    Ledger ledger = ledger(watch);
    ledger.take(List.of(at("1", 0, "400")), "ebay", search(watch), done(0));
    pump(1);
    assertEquals(List.of(), arrived);
    assertEquals(Outcome.NO_NEWS, decided.getLast().outcome());
    ledger.take(
        List.of(at("1", 30, "400"), at("2", 30, "410"), at("3", 30, "500")),
        "ebay",
        search(watch),
        done(30));
    pump(31);
    pump(32);
    assertEquals(List.of("NEW 2"), arrived);
    assertEquals(Outcome.UNWANTED, decided.getLast().outcome());
    assertTrue(decided.getLast().why().contains("450"), decided.getLast().why());
  }

  @Test
  void aNewWatchIsSilentForItselfAndNotForTheOthers() throws InterruptedException {
    Watch old = watch("old", "v100", "450", Set.of(Happening.NEW));
    Watch fresh = watch("fresh", "tesla", "450", Set.of(Happening.NEW));
    Searches searches = new Searches(database);
    searches.register("ebay", List.of(search(old)), List.of());
    ledger(old).take(List.of(), "ebay", search(old), done(0));
    searches.register("ebay", List.of(search(old), search(fresh)), List.of());
    ledger(old, fresh).take(List.of(at("7", 30, "400")), "ebay", search(fresh), done(30));
    pump(31);
    assertEquals(List.of("NEW 7"), arrived);
    assertEquals(
        List.of("old TOLD", "fresh NO_NEWS"),
        decided.stream().map(each -> each.watch() + " " + each.outcome()).toList());
  }

  @Test
  void whatFallsIntoTheBandIsNewForTheWatch() throws InterruptedException {
    Watch watch = watch("v100", "v100", "450", Set.of(Happening.NEW));
    new Searches(database).register("ebay", List.of(search(watch)), List.of());
    Ledger ledger = ledger(watch);
    ledger.take(List.of(at("1", 0, "500")), "ebay", search(watch), done(0));
    ledger.take(List.of(at("1", 30, "440")), "ebay", search(watch), done(30));
    ledger.take(List.of(at("1", 60, "400")), "ebay", search(watch), done(60));
    pump(61);
    assertEquals(List.of("PRICE_DROP 1"), arrived, "it was told once, when it came into reach");
  }

  @Test
  void aWatchOfOneSiteHearsWhenAThingComesThere() throws InterruptedException {
    Watch watch = watch("v100", "v100", "450", Set.of(Happening.NEW), Set.of("EBAY_DE"));
    Watch wide = watch("wide", "p40", "450", Set.of(Happening.NEW));
    Search american = new Search("EBAY_US", "p40", Optional.of(wide));
    new Searches(database).register("ebay", List.of(search(watch), american), List.of());
    Ledger ledger = ledger(watch, wide);
    ledger.take(List.of(), "ebay", search(watch), done(0));
    ledger.take(
        List.of(
            Sightings.of(
                "1",
                "EBAY_US",
                START.plusSeconds(600),
                "NVIDIA Tesla V100 SXM2 32GB",
                new Sale.Fixed(Money.of("400", "EUR"), false))),
        "ebay",
        american,
        done(10));
    ledger.take(List.of(at("1", 30, "400")), "ebay", search(watch), done(30));
    ledger.take(List.of(at("1", 60, "400")), "ebay", search(watch), done(60));
    pump(61);
    assertEquals(List.of("NEW 1"), arrived);
  }

  @Test
  void aWatchThatIsChangedBeginsAnew() throws InterruptedException {
    Watch old = watch("v100", "v100", "450", Set.of(Happening.NEW));
    Searches searches = new Searches(database);
    searches.register("ebay", List.of(search(old)), List.of());
    ledger(old).take(List.of(at("1", 0, "500")), "ebay", search(old), done(0));
    Watch wider = watch("v100", "v100", "600", Set.of(Happening.NEW));
    searches.register("ebay", List.of(search(wider)), List.of());
    Ledger ledger = ledger(wider);
    ledger.take(List.of(at("1", 30, "500")), "ebay", search(wider), done(30));
    ledger.take(List.of(at("1", 60, "500"), at("2", 60, "500")), "ebay", search(wider), done(60));
    pump(61);
    assertEquals(List.of("NEW 2"), arrived);
  }

  @Test
  void twoWatchesThatWantOneThingTellItOnce() throws InterruptedException {
    Watch one = watch("one", "v100", "450", Set.of(Happening.NEW));
    Watch two = watch("two", "tesla", "450", Set.of(Happening.NEW));
    new Searches(database).register("ebay", List.of(search(one), search(two)), List.of());
    Ledger ledger = ledger(one, two);
    ledger.take(List.of(), "ebay", search(one), done(0));
    ledger.take(List.of(), "ebay", search(two), done(0));
    ledger.take(List.of(at("1", 30, "400")), "ebay", search(one), done(30));
    ledger.take(List.of(at("1", 30, "400")), "ebay", search(two), done(30));
    pump(31);
    assertEquals(List.of("NEW 1"), arrived);
  }

  @Test
  void aHostileTitleIsOnlyText() throws InterruptedException {
    Watch watch = watch("v100", "v100", "450", Set.of(Happening.NEW));
    new Searches(database).register("ebay", List.of(search(watch)), List.of());
    Ledger ledger = ledger(watch);
    ledger.take(List.of(), "ebay", search(watch), done(0));
    ledger.take(
        List.of(
            Sightings.of(
                "9",
                "EBAY_DE",
                START.plusSeconds(1800),
                "V100 @everyone <script>alert(1)</script> '); DROP TABLE item; -- \u202e\u0000",
                new Sale.Fixed(Money.of("1", "EUR"), false))),
        "ebay",
        search(watch),
        done(30));
    pump(31);
    assertEquals(List.of("NEW 9"), arrived);
  }
}
