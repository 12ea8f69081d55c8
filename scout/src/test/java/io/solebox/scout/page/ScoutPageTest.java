package io.solebox.scout.page;

import static io.solebox.scout.Sightings.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.Sightings;
import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.AskingPrices;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import io.solebox.scout.judge.Suspicion;
import io.solebox.scout.notice.Notice;
import io.solebox.scout.outbox.Outbox;
import io.solebox.scout.state.Hearing;
import io.solebox.scout.state.Interest;
import io.solebox.scout.state.Ledger;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.story.Event;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page shows of a state that was made by a few sightings. */
class ScoutPageTest {
  private static final String TITLE = "Tesla V100 <script>alert(1)</script> @everyone";

  private static final Question ALL =
      new Question(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          Question.Sort.NEWEST,
          50,
          0);

  @TempDir private Path folder;

  private final Map<String, Judgement> judgements = new HashMap<>();
  private Database database;
  private Ledger ledger;
  private ScoutPage page;

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve(ScoutTables.FILE));
    ledger = new Ledger(database, new Wanting());
    page = new ScoutPage(database, Clock.fixed(START.plusSeconds(600), ZoneOffset.UTC));
    judgements.put("1", judged("V100-SXM2-32GB", "400", "EUR", -2, List.of()));
    judgements.put(
        "2",
        judged(
            "V100-SXM2-32GB", "90", "EUR", -6, List.of(new Suspicion("PRICE_FAR_BELOW", "far"))));
    judgements.put("3", judged("P40", "250", "USD", 0.5, List.of()));
    ledger.take(
        List.of(
            Sightings.of("1", "EBAY_DE", START, TITLE, fixed("400", "EUR")),
            Sightings.at("2", 1, "90", "EUR"),
            Sightings.at("3", 2, "250", "USD"),
            Sightings.of(
                "4",
                "forum",
                START.plusSeconds(180),
                "no card",
                new Sale.Auction(
                    Money.of("1", "EUR"), 0, START.plusSeconds(9000), Optional.empty()))));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Sale fixed(String amount, String currency) {
    return new Sale.Fixed(Money.of(amount, currency), false);
  }

  private static Judgement judged(
      String card, String unit, String currency, double score, List<Suspicion> suspicions) {
    return new Judgement(
        Optional.of(new CardMatch(card, 1, "by its title")),
        Optional.of(Money.of(unit, currency)),
        Optional.of(Money.of(unit, currency)),
        Optional.empty(),
        Optional.of(new Standing(score, Money.of("500", currency), 12)),
        Optional.empty(),
        suspicions,
        List.of());
  }

  /** As the scout's own hears: all is wanted, and of the second nobody is told. */
  private final class Wanting implements Hearing {
    @Override
    public Interest interest(Sighting seen) {
      return new Interest(judgement(seen.key()), List.of("cheap"), Map.of());
    }

    private Judgement judgement(ItemKey key) {
      return judgements.getOrDefault(key.id(), Judgement.NONE);
    }

    @Override
    public void seen(Sql sql, Sighting seen, Interest interest) throws SQLException {
      Shown.judged(sql, seen.key(), judgement(seen.key()));
    }

    @Override
    public String wishes() {
      return "";
    }

    @Override
    public void wantedAnew(Sql sql, Event event, Interest interest, List<String> fresh) {}

    @Override
    public void happened(Sql sql, Event event, Interest interest, List<String> before)
        throws SQLException {
      ItemKey key = event.sighting().key();
      boolean silent = key.id().equals("2");
      Shown.happened(sql, event, silent ? "It was there before the watch was." : "");
      if (!silent) {
        Outbox.put(
            sql, new Notice("key-" + key.id(), "cheap", event, judgement(key)), List.of("phone"));
      }
    }
  }

  private List<String> ids(Question question) {
    return things(question).stream().map(thing -> (String) thing.get("id")).toList();
  }

  @SuppressWarnings("unchecked") // the page makes no other lists
  private List<Map<String, Object>> things(Question question) {
    return (List<Map<String, Object>>) page.look(question).get("data");
  }

  private Map<String, Object> thing(String id) {
    return things(ALL).stream().filter(t -> t.get("id").equals(id)).findFirst().orElseThrow();
  }

  @Test
  void thingsHaveWhatWasMadeOfThemAndWhetherItWasTold() {
    Map<String, Object> first = thing("ebay/1/");
    assertEquals(TITLE, first.get("title"));
    assertEquals(Map.of("amount", "400", "currency", "EUR"), first.get("price"));
    assertEquals("V100-SXM2-32GB", first.get("card"));
    assertEquals("waiting", first.get("told"));
    Map<String, Object> second = thing("ebay/2/");
    assertEquals("no", second.get("told"));
    assertEquals("It was there before the watch was.", second.get("not_told"));
    assertEquals(
        List.of(Map.of("code", "PRICE_FAR_BELOW", "reason", "far")), second.get("suspicions"));
    Map<String, Object> last = thing("ebay/4/");
    assertEquals("auction", last.get("sale"));
    assertFalse(last.containsKey("card"));
  }

  @Test
  void filtersAndOrdersLeaveWhatIsAskedFor() {
    assertEquals(List.of("ebay/4/", "ebay/3/", "ebay/2/", "ebay/1/"), ids(ALL));
    assertEquals(
        List.of("ebay/2/", "ebay/1/", "ebay/3/", "ebay/4/"), ids(with(Question.Sort.STANDING)));
    assertEquals(
        List.of("ebay/4/", "ebay/2/", "ebay/1/", "ebay/3/"), ids(with(Question.Sort.PRICE)));
    assertEquals(List.of("ebay/4/"), ids(with(Question.Sort.ENDING)).subList(0, 1));
    Question honest =
        new Question(
            Optional.of("V100-SXM2-32GB"),
            Optional.of("cheap"),
            Optional.of("EBAY_DE"),
            Optional.of("new"),
            Optional.of(false),
            Optional.of("EUR"),
            Optional.of(new BigDecimal("400.00")),
            Optional.of(new BigDecimal("400")),
            Question.words("tesla EVERYONE"),
            Question.Sort.NEWEST,
            1,
            0);
    Map<String, Object> found = page.look(honest);
    assertEquals(1, found.get("total"));
    assertEquals(false, found.get("has_more"));
    assertEquals(List.of("ebay/1/"), ids(honest));
  }

  private static Question with(Question.Sort sort) {
    return new Question(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        sort,
        50,
        0);
  }

  @Test
  void whatIsMutedIsShownAndTakenBack() {
    page.mute("card", "V100-SXM2-32GB", OptionalInt.empty());
    Map<String, Object> snoozed = page.mute("item", "ebay/1/", OptionalInt.of(24));
    assertEquals(START.plusSeconds(600 + 24 * 3600).getEpochSecond(), snoozed.get("until"));
    assertEquals(2, ((List<?>) thing("ebay/1/").get("mutes")).size());
    assertEquals(1, ((List<?>) thing("ebay/2/").get("mutes")).size());
    List<?> all = (List<?>) page.look(ALL).get("mutes");
    assertTrue(all.toString().contains("of=ebay/1/"), all::toString);
    assertTrue(all.toString().contains("title=" + TITLE), all::toString);
    page.unmute("item", "ebay/1/");
    page.unmute("card", "V100-SXM2-32GB");
    assertEquals(List.of(), page.look(ALL).get("mutes"));
    assertThrows(SoleboxException.class, () -> page.mute("item", "no id", OptionalInt.empty()));
  }

  @Test
  void whatHasEndedIsGoneFromThePageAndItsTables() {
    page.thumbnail("ebay/1/");
    ledger.ended(List.of(new ItemKey("ebay", "1")), START.plusSeconds(300));
    assertFalse(ids(ALL).contains("ebay/1/"));
    assertThrows(SoleboxException.class, () -> page.thumbnail("ebay/1/"));
    database.transaction(
        sql -> {
          Shown.sweep(sql);
          return true;
        });
    assertEquals(
        List.of("2", "3", "4"),
        database.read(
            sql -> sql.list(row -> row.getString(1), "SELECT id FROM shown ORDER BY id")));
    assertEquals(
        List.of(),
        database.read(sql -> sql.list(row -> row.getString(1), "SELECT id FROM thumbnail")));
  }

  @Test
  void theScoutIsQuietWhereNobodyAsksWhatIsDue() {
    assertEquals("quiet", page.look(ALL).get("state"));
    search("EBAY_DE", Duration.ofMinutes(5), "");
    assertEquals("watching", page.look(ALL).get("state"));
    search("EBAY_DE", Duration.ofMinutes(-20), "the market answered 503");
    Map<String, Object> late = page.look(ALL);
    assertEquals("quiet", late.get("state"));
    assertTrue(late.get("sources").toString().contains("the market answered 503"));
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO market (name, looked, closed, remedy) VALUES ('ebay', 0, 'the key"
                    + " has expired', 'Make another.')"));
    Map<String, Object> closed = page.look(ALL);
    assertEquals("watching", closed.get("state"));
    assertTrue(closed.get("markets").toString().contains("Make another."), closed::toString);
  }

  private void search(String site, Duration due, String problem) {
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO search (market, site, words, watch, deep, asked, due, failures,"
                    + " problem) VALUES ('ebay', ?, 'v100', 'cheap', 0, ?, ?, 0, ?) ON CONFLICT"
                    + " (market, site, words, watch) DO UPDATE SET due = excluded.due, problem ="
                    + " excluded.problem",
                site,
                START.toEpochMilli(),
                START.plusSeconds(600).plus(due).toEpochMilli(),
                problem));
  }

  @Test
  void pricesAreTheCardsDayByDay() {
    var prices = new AskingPrices(database);
    LocalDate today = LocalDate.parse("2026-11-30");
    database.transaction(
        sql -> {
          prices.note(sql, "P40", Money.of("200", "EUR"), today.minusDays(2), "a");
          prices.note(sql, "P40", Money.of("220", "EUR"), today, "b");
          prices.note(sql, "P40", Money.of("250", "USD"), today, "c");
          return true;
        });
    Map<String, Object> history = page.history("P40", Optional.empty(), 30);
    assertEquals("EUR", history.get("currency"));
    assertEquals(List.of("EUR", "USD"), history.get("currencies"));
    assertEquals(2, ((List<?>) history.get("data")).size());
    assertEquals(1, ((List<?>) page.history("P40", Optional.of("USD"), 30).get("data")).size());
    assertEquals("", page.history("none", Optional.empty(), 30).get("currency"));
  }

  @Test
  void channelsSayWhatWaitsAndStoppedOnesGoOn() {
    assertTrue(page.look(ALL).get("channels").toString().contains("waiting=3"));
    assertThrows(SoleboxException.class, () -> page.resume("phone"));
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO outbox_channel (channel, next_at, tries, problem, stopped, remedy,"
                    + " changed_at, accepted_at) VALUES ('phone', 0, 0, 'it is gone', 'hash',"
                    + " 'Make another.', 0, 0)"));
    String stopped = page.look(ALL).get("channels").toString();
    assertTrue(stopped.contains("state=stopped"), stopped);
    assertTrue(stopped.contains("remedy=Make another."), stopped);
    page.resume("phone");
    assertTrue(page.look(ALL).get("channels").toString().contains("state=open"));
  }

  @Test
  void aDamagedRowKeepsNoOtherFromBeingShown() {
    database.transaction(sql -> sql.update("UPDATE item SET details = '{\"key\":' WHERE id = '1'"));
    Map<String, Object> body = page.look(ALL);
    assertEquals(3, body.get("total"));
    assertEquals(1, body.get("damaged"));
  }
}
