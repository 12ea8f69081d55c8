package io.solebox.scout.state;

import static io.solebox.scout.Sightings.START;
import static io.solebox.scout.Sightings.at;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.source.Search;
import io.solebox.scout.story.Event;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of what sources show. */
class LedgerTest {
  @TempDir private Path folder;

  private final List<String> heard = new ArrayList<>();
  private List<String> watches = List.of("v100");
  private boolean fails;
  private Database database;
  private Ledger ledger;

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    ledger =
        new Ledger(
            database,
            new Hearing() {
              @Override
              public Interest interest(Sighting seen) {
                return new Interest(Judgement.NONE, watches, Map.of());
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
                if (fails || heard.size() == 1000) {
                  throw new IllegalStateException("half way");
                }
                heard.add(event.happening() + " " + event.sighting().key().id());
              }
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> columns(String column) {
    return database.read(
        sql ->
            sql.list(
                row -> String.valueOf(row.getString(1)),
                "SELECT " + column + " FROM item ORDER BY id"));
  }

  @Test
  void whatBreaksOffHalfWayIsHeardAgain() {
    fails = true;
    assertThrows(IllegalStateException.class, () -> ledger.take(List.of(at("1", 0, "400", "EUR"))));
    assertFalse(ledger.known().contains(new ItemKey("ebay", "1")));
    fails = false;
    ledger.take(List.of(at("1", 0, "400", "EUR"), at("1", 0, "400", "EUR")));
    assertEquals(List.of("NEW 1"), heard);
    assertTrue(ledger.known().contains(new ItemKey("ebay", "1")));
  }

  @Test
  void nothingIsKeptOfAListingThatNobodyWantsOrThatHasEnded() throws IOException {
    ledger.take(List.of(at("1", 0, "400", "EUR")));
    watches = List.of();
    ledger.take(List.of(at("2", 0, "400", "EUR")));
    assertEquals(
        List.of(true, false), columns("details").stream().map(d -> !d.equals("null")).toList());
    ledger.ended(List.of(new ItemKey("ebay", "1")), START.plusSeconds(60));
    assertEquals(List.of("null", "null"), columns("details"));
    assertEquals(List.of("null", "null"), columns("seller"));
    database.forgetDeleted();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().contains(".db")).toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("Tesla"), file::toString);
      }
    }
  }

  @Test
  void whatIsListedAnewIsTheSameAndAThirdIsNew() {
    ledger.take(List.of(at("1", 0, "400", "EUR")));
    ledger.ended(List.of(new ItemKey("ebay", "1")), START.plusSeconds(60));
    ledger.take(List.of(at("2", 5, "400", "EUR"), at("3", 5, "400", "EUR")));
    assertEquals(List.of("NEW 1", "BACK 2", "NEW 3"), heard);
  }

  @Test
  void theLongestUnheardIsAskedForFirst() {
    ledger.take(
        List.of(at("1", 0, "400", "EUR"), at("2", 60, "1", "EUR"), at("3", 30, "9", "EUR")));
    Instant now = START.plus(Duration.ofHours(7));
    assertEquals(
        List.of("1", "3"),
        ledger.stale("ebay", now, Duration.ofMinutes(370), 5).stream().map(ItemKey::id).toList());
    ledger.asked(List.of(new ItemKey("ebay", "1")), now);
    assertEquals(
        List.of("3"),
        ledger.stale("ebay", now, Duration.ofMinutes(370), 5).stream().map(ItemKey::id).toList());
  }

  @Test
  void whatIsAskedForByItselfStaysWhereItWasFound() {
    ledger.take(List.of(at("1", 0, "400", "EUR").at("EBAY_US")));
    ledger.takeAgain(List.of(at("1", 5, "300", "EUR"), at("2", 5, "300", "EUR")));
    List<String> details = columns("details");
    assertTrue(details.getFirst().contains("\"site\":\"EBAY_US\""), details.toString());
    assertTrue(details.getLast().contains("\"site\":\"EBAY_DE\""), details.toString());
    assertEquals(List.of("NEW 1", "PRICE_DROP 1", "NEW 2"), heard);
  }

  @Test
  void whatWasNotHeardOfForLongIsGoneAndThenForgotten() {
    ledger.take(List.of(at("1", 0, "400", "EUR")));
    ledger.sweep("ebay", START.plus(Duration.ofDays(13)));
    assertEquals(List.of("null"), columns("gone"));
    ledger.sweep("ebay", START.plus(Duration.ofDays(15)));
    assertEquals(List.of("null"), columns("details"));
    assertTrue(ledger.known().contains(new ItemKey("ebay", "1")));
    ledger.sweep("ebay", START.plus(Duration.ofDays(500)));
    assertFalse(ledger.known().contains(new ItemKey("ebay", "1")));
  }

  @Test
  void aSellerCanBeForgotten() {
    ledger.take(List.of(at("1", 0, "400", "EUR")));
    assertEquals(1, forget());
    assertEquals(List.of("null"), columns("details"));
    assertEquals(List.of(""), columns("likeness"));
    assertEquals(0, forget());
  }

  private int forget() {
    return database.transaction(sql -> Ledger.forgetSeller(sql, "seller", START.plusSeconds(60)));
  }

  @Test
  void aSearchIsSeededByItsFirstWholeAnswer() throws SQLException {
    Search search = new Search("EBAY_DE", "v100", Optional.empty());
    Searches searches = new Searches(database);
    assertTrue(searches.state("ebay", search).isEmpty());
    ledger.take(List.of(), "ebay", search, new SearchDone(false, true, START, START, "429"));
    assertFalse(searches.state("ebay", search).orElseThrow().seeded());
    assertEquals(1, searches.state("ebay", search).orElseThrow().failures());
    Instant later = START.plusSeconds(60);
    ledger.take(List.of(), "ebay", search, new SearchDone(true, true, later, later, ""));
    Instant last = START.plusSeconds(120);
    ledger.take(List.of(), "ebay", search, new SearchDone(true, false, last, last, ""));
    Searches.State state = searches.state("ebay", search).orElseThrow();
    assertEquals(new Searches.State(true, later, last, last, 0), state);
  }

  @Test
  void whatNobodyWasThereToSeeIsNotGone() {
    Search search = new Search("EBAY_DE", "v100", Optional.empty());
    List<Sighting> one = List.of(at("1", 0, "400", "EUR"));
    ledger.take(one, "ebay", search, new SearchDone(true, true, START, START, ""));
    Instant later = START.plus(Duration.ofDays(4000));
    ledger.sweep("ebay", later);
    assertEquals(List.of("null"), columns("gone"));
    ledger.take(List.of(), "ebay", search, new SearchDone(true, true, later, later, ""));
    ledger.sweep("ebay", later);
    assertEquals(List.of("null"), columns("details"));
  }

  @Test
  void whatAFastClockHasNotedIsLookedAtAgain() {
    ledger.take(List.of(at("1", 5_000_000, "400", "EUR")));
    ledger.sweep("ebay", START);
    Instant later = START.plus(Duration.ofDays(1));
    assertEquals(1, ledger.stale("ebay", later, Duration.ofHours(6), 20).size());
  }

  @Test
  void whatIsDamagedIsWrittenAnew() {
    ledger.take(List.of(at("1", 0, "400", "EUR")));
    database.transaction(
        sql ->
            sql.update(
                "UPDATE item SET details = '{\"key\":', asked = 'x', lowest = '1e999999999'"));
    ledger.takeAgain(List.of(at("1", 5, "400", "EUR")));
    assertEquals(List.of("400"), columns("asked"));
    assertEquals(List.of("400"), columns("lowest"));
  }

  @Test
  void manyAreNotedInSeveralTransactionsSoThatOthersMayWrite() {
    List<Sighting> many = new ArrayList<>();
    for (int i = 0; i <= 1000; i++) {
      many.add(at("n" + i, 0, "400", "EUR"));
    }
    Search search = new Search("EBAY_DE", "v100", Optional.empty());
    var done = new SearchDone(true, true, START, START, "");
    assertThrows(IllegalStateException.class, () -> ledger.take(many, "ebay", search, done));
    assertTrue(ledger.known().contains(new ItemKey("ebay", "n999")));
    assertFalse(ledger.known().contains(new ItemKey("ebay", "n1000")));
    assertTrue(new Searches(database).state("ebay", search).isEmpty());
  }
}
