package io.solebox.scout.run;

import static io.solebox.scout.Sightings.START;
import static io.solebox.scout.Sightings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Refreshed;
import io.solebox.scout.source.Search;
import io.solebox.scout.source.Source;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.state.Searches;
import io.solebox.scout.story.Event;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a source is asked, by a scripted clock. */
@Timeout(60)
class SourceWorkTest {
  @TempDir private Path folder;

  private final List<String> asked = new ArrayList<>();
  private final Deque<Found> answers = new ArrayDeque<>();
  private final Deque<Refreshed> refreshes = new ArrayDeque<>();
  private final List<String> failed = new ArrayList<>();
  private Optional<RuntimeException> failure = Optional.empty();
  private Instant now = START;
  private Database database;
  private SourceWork work;

  private static Found whole(Sighting... sightings) {
    return new Found.Whole(List.of(sightings), List.of());
  }

  private final class Scripted implements Source {
    @Override
    public String market() {
      return "ebay";
    }

    @Override
    public List<Search> searches(List<Watch> watches) {
      return List.of(
          new Search("EBAY_DE", "v100", Optional.empty()),
          new Search("EBAY_US", "v100", Optional.empty()));
    }

    @Override
    public Duration every(int searches) {
      return Duration.ofMinutes(30);
    }

    @Override
    public Found find(Search search, Known known) {
      boolean deep = !known.contains(new ItemKey("ebay", "1"));
      asked.add(minutes() + " " + search.site() + (deep ? " deep" : ""));
      failure.ifPresent(
          e -> {
            throw e;
          });
      return answers.isEmpty() ? whole() : answers.removeFirst();
    }

    @Override
    public int mostRefreshed() {
      return 20;
    }

    @Override
    public Refreshed refresh(List<ItemKey> keys) {
      asked.add(minutes() + " refresh " + keys.stream().map(ItemKey::id).toList());
      return refreshes.isEmpty() ? new Refreshed(whole(), List.of()) : refreshes.removeFirst();
    }
  }

  private long minutes() {
    return Duration.between(START, now).toMinutes();
  }

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    work = work();
  }

  private SourceWork work() {
    SourceWork made =
        new SourceWork(
            new Scripted(),
            List.of(),
            new Ledger(database, new Silent()),
            new Searches(database),
            () -> now,
            new Random(7),
            new Deaf());
    made.begin();
    return made;
  }

  /** Wants all and does nothing. */
  private static final class Silent implements Hearing {
    @Override
    public Interest interest(Sighting seen) {
      if (seen.key().id().equals("bad")) {
        throw new IllegalStateException("hostile");
      }
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
    public void happened(Sql sql, Event event, Interest interest, List<String> before) {}
  }

  private final class Deaf implements RunListener {
    @Override
    public void asked(String market, Search search, Found found) {}

    @Override
    public void refreshed(String market, int asked, Refreshed refreshed) {}

    @Override
    public void closed(String market, String reason, String remedy) {}

    @Override
    public void failed(String who, RuntimeException failure) {
      failed.add(failure.getMessage());
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Steps until an hour and a day, as the loop does. */
  private void runUntil(Duration end) throws InterruptedException {
    for (int steps = 0; steps < 100_000; steps++) {
      Instant next = work.step();
      if (next.isAfter(START.plus(end))) {
        return;
      }
      now = next.isAfter(now) ? next : now;
    }
    throw new AssertionError("it goes on for ever at " + now);
  }

  @Test
  void everySearchHasItsTurnAndTheFirstReadsAll() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    runUntil(Duration.ofMinutes(65));
    assertEquals(
        List.of(
            "0 EBAY_DE deep",
            "0 EBAY_US deep",
            "30 EBAY_DE",
            "30 EBAY_US",
            "60 EBAY_DE",
            "60 EBAY_US"),
        asked);
  }

  @Test
  void afterAnotherStartNothingIsAskedBeforeItsTime() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    runUntil(Duration.ofMinutes(5));
    work = work();
    runUntil(Duration.ofMinutes(29));
    assertEquals(2, asked.size());
  }

  @Test
  void onceADayAllIsReadAgain() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    runUntil(Duration.ofHours(49));
    assertEquals(3, asked.stream().filter(line -> line.endsWith("EBAY_DE deep")).count());
  }

  @Test
  void whoSaysLaterIsAskedLaterAndEachFailureIsLonger() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      answers.add(new Found.Part(List.of(), Duration.ZERO, "500"));
      answers.add(new Found.Part(List.of(), Duration.ofMinutes(10), "429"));
    }
    runUntil(Duration.ofMinutes(9));
    List<Long> german =
        asked.stream()
            .filter(line -> line.contains("EBAY_DE"))
            .map(line -> Long.parseLong(line.split(" ")[0]))
            .toList();
    List<String> american = asked.stream().filter(line -> line.contains("EBAY_US")).toList();
    assertEquals(1, american.size(), asked::toString);
    assertEquals(3, german.size(), asked::toString); // after 0.5 and 1 minute, and then whole
  }

  @Test
  void whatIsClosedIsTriedAgainAfterAnHour() throws InterruptedException {
    answers.add(new Found.Closed(List.of(), "The key has expired.", "Make another."));
    work.step();
    assertTrue(work.isClosed());
    runUntil(Duration.ofMinutes(59));
    assertEquals(1, asked.size());
    runUntil(Duration.ofMinutes(61));
    assertEquals(3, asked.size(), asked::toString);
    assertFalse(work.isClosed());
  }

  @Test
  void whatIsWantedIsLookedAtAgainUntilItIsGone() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    refreshes.add(new Refreshed(whole(at("1", 361, "400", "EUR")), List.of()));
    refreshes.add(new Refreshed(whole(), List.of(new ItemKey("ebay", "1"))));
    runUntil(Duration.ofHours(20));
    assertEquals(
        2, asked.stream().filter(line -> line.contains("refresh")).count(), asked::toString);
  }

  @Test
  void whoAsksForAnAgeIsLeftAloneForADay() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    refreshes.add(
        new Refreshed(new Found.Part(List.of(), Duration.ofDays(100_000), "429"), List.of()));
    runUntil(Duration.ofHours(28));
    assertEquals(
        1, asked.stream().filter(line -> line.contains("refresh")).count(), asked::toString);
  }

  @Test
  void aClockThatWasWrongPutsNothingOffForLong() throws InterruptedException {
    now = START.plus(Duration.ofDays(4000));
    work.step();
    work.step();
    now = START;
    work = work();
    asked.clear();
    work.step();
    assertEquals(List.of("0 EBAY_DE deep"), asked);
  }

  @Test
  void anAnswerThatNobodyThoughtOfIsAFailureThatRestsAndShowsNothing() throws InterruptedException {
    failure = Optional.of(new IllegalArgumentException("invalid header value: SECRET"));
    runUntil(Duration.ofMinutes(9));
    assertTrue(asked.size() < 12, asked::toString); // and not each minute, or all the time
    assertFalse(problems().contains("SECRET"), this::problems);
    assertTrue(problems().contains("IllegalArgumentException"), this::problems);
  }

  private String problems() {
    return database
        .read(sql -> sql.list(row -> row.getString(1), "SELECT problem FROM search"))
        .toString();
  }

  @Test
  void oneThingThatCannotBeNotedIsPassedOverAndSaid() throws InterruptedException {
    answers.add(whole(at("bad", 0, "400", "EUR"), at("1", 0, "400", "EUR")));
    work.step();
    var ledger = new Ledger(database, new Silent());
    assertTrue(ledger.known().contains(new ItemKey("ebay", "1")));
    assertFalse(ledger.known().contains(new ItemKey("ebay", "bad")));
    assertEquals(1, failed.size());
    assertTrue(failed.getFirst().startsWith("The thing bad is passed over"), failed::toString);
    work.step();
    assertEquals(2, asked.size(), asked::toString); // the other search: this one is done
  }

  @Test
  void aClockThatIsSetBackWhileItRunsEndsNoLookingAgain() throws InterruptedException {
    answers.add(whole(at("1", 0, "400", "EUR")));
    now = START.plus(Duration.ofDays(4000));
    for (int i = 0; i < 4; i++) {
      work.step();
    }
    assertTrue(asked.removeLast().endsWith("refresh [1]"), asked::toString);
    now = START;
    runUntil(Duration.ofHours(8));
    assertTrue(asked.stream().anyMatch(line -> line.contains("refresh")), asked::toString);
  }
}
