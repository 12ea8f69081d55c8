package io.solebox.scout.state;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Known;
import io.solebox.scout.source.Search;
import io.solebox.scout.story.Event;
import io.solebox.scout.story.Item;
import io.solebox.scout.story.Story;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes in what sources show. What is remembered of it, and what is done of what has happened, is
 * one transaction: whenever the process ends, both are there or neither, and then the source shows
 * it again. Safe for many threads.
 */
public final class Ledger {
  /**
   * Of a market that says nothing of single things: so long without a sighting, and one is gone.
   */
  private static final Duration SILENT = Duration.ofDays(14);

  /** So many are noted in one transaction that whoever else writes need not wait for long. */
  private static final int AT_ONCE = 500;

  private static final Duration AHEAD = Duration.ofDays(1);

  /** So long the ids of what is gone are kept, since it may be relisted. */
  private static final Duration REMEMBERED = Duration.ofDays(400);

  private final Database database;
  private final Hearing hearing;

  public Ledger(Database database, Hearing hearing) {
    this.database = database;
    this.hearing = hearing;
  }

  /** What was seen before. */
  public Known known() {
    return key -> database.read(sql -> Items.row(sql, key)).isPresent();
  }

  /** Takes in sightings. */
  public void take(List<Sighting> sightings) {
    List<New> news = news(sightings);
    database.transaction(
        sql -> {
          take(sql, sightings, news);
          return sightings.size();
        });
  }

  /**
   * Takes in things that were asked for by themselves. They stay where they were found: which site
   * was asked for them is chance, and a watch may want those of some alone.
   */
  public void takeAgain(List<Sighting> sightings) {
    List<Sighting> placed =
        database.read(
            sql -> {
              List<Sighting> found = new ArrayList<>();
              for (Sighting seen : sightings) {
                found.add(Items.site(sql, seen.key()).map(seen::at).orElse(seen));
              }
              return found;
            });
    String wishes = hearing.wishes();
    List<New> news =
        placed.stream()
            .map(seen -> new New(seen, hearing.interest(seen), Prints.of(seen, wishes)))
            .toList();
    database.transaction(
        sql -> {
          take(sql, placed, news);
          return placed.size();
        });
  }

  /** The same, and notes in the same transaction that a search was answered. */
  public void take(List<Sighting> sightings, String market, Search search, SearchDone done) {
    int rest = 0;
    while (sightings.size() - rest > AT_ONCE) {
      take(sightings.subList(rest, rest + AT_ONCE));
      rest += AT_ONCE;
    }
    List<Sighting> last = sightings.subList(rest, sightings.size());
    List<New> news = news(last);
    database.transaction(
        sql -> {
          take(sql, last, news);
          Searches.note(sql, market, search, done);
          return last.size();
        });
  }

  /** A sighting that says something else than the last of its site. */
  private record New(Sighting seen, Interest interest, String print) {}

  /** Outside of the transaction, since it takes a while. */
  private List<New> news(List<Sighting> sightings) {
    String wishes = hearing.wishes();
    List<Map.Entry<Sighting, String>> changed =
        database.read(
            sql -> {
              List<Map.Entry<Sighting, String>> found = new ArrayList<>();
              for (Sighting seen : sightings) {
                String print = Prints.of(seen, wishes);
                if (!Prints.isKnown(sql, seen, print)) {
                  found.add(Map.entry(seen, print));
                }
              }
              return found;
            });
    return changed.stream()
        .map(each -> new New(each.getKey(), hearing.interest(each.getKey()), each.getValue()))
        .toList();
  }

  private void take(Sql sql, List<Sighting> sightings, List<New> news) throws SQLException {
    for (Sighting seen : sightings) {
      Items.looked(sql, seen.key(), seen.seen());
    }
    for (New each : news) {
      take(sql, each.seen(), each.interest());
      Prints.note(sql, each.seen(), each.print());
    }
  }

  private void take(Sql sql, Sighting seen, Interest interest) throws SQLException {
    String likeness = Likeness.of(seen);
    Optional<Items.Row> row = Items.row(sql, seen.key());
    Optional<Item> like =
        row.isPresent() ? Optional.empty() : Items.gone(sql, likeness).map(Items.Row::item);
    Story.Next next = Story.of(row.map(Items.Row::item), like, seen);
    if (like.isPresent()) {
      Items.inherit(sql, likeness);
    }
    Items.write(sql, seen, next.item(), interest, likeness);
    hearing.seen(sql, seen, interest);
    List<String> before = row.map(Items.Row::watches).orElse(List.of());
    for (Event event : next.events()) {
      hearing.happened(sql, event, interest, before);
    }
    List<String> fresh =
        interest.watches().stream().filter(watch -> !before.contains(watch)).toList();
    if (next.events().isEmpty() && !fresh.isEmpty()) {
      hearing.wantedAnew(sql, Story.toldLater(seen), interest, fresh);
    }
  }

  /** Notes that things were asked for, whatever came of it: others are first the next time. */
  public void asked(List<ItemKey> keys, Instant at) {
    database.transaction(
        sql -> {
          for (ItemKey key : keys) {
            Items.looked(sql, key, at);
          }
          return keys.size();
        });
  }

  /** Notes that things are no longer for sale. */
  public void ended(List<ItemKey> keys, Instant at) {
    database.transaction(
        sql -> {
          for (ItemKey key : keys) {
            Items.end(sql, key, at);
          }
          return keys.size();
        });
  }

  /**
   * Things that somebody wants and nothing was heard of for a while, and auctions that end soon:
   * the longest unheard first.
   */
  public List<ItemKey> stale(String market, Instant now, Duration age, int most) {
    return database.read(
        sql ->
            sql.list(
                row -> new ItemKey(row.getString(1), row.getString(2), row.getString(3)),
                "SELECT market, id, variation FROM item WHERE market = ? AND gone IS NULL AND"
                    + " details IS NOT NULL AND (looked < ? OR (ends < ? AND ending = 0)) ORDER BY"
                    + " looked LIMIT ?",
                market,
                now.minus(age).toEpochMilli(),
                now.plus(Story.ENDING).toEpochMilli(),
                most));
  }

  /** Notes what is gone since nobody has heard of it for long, and forgets what is long gone. */
  public void sweep(String market, Instant now) {
    database.transaction(
        sql -> {
          settle(sql, market, now);
          Prints.sweep(sql, market, now.plus(AHEAD));
          Instant heard = heard(sql, market, now);
          return sql.update(
                  "UPDATE item SET gone = ?, ends = NULL, ending = 0, seller = NULL, details ="
                      + " NULL WHERE market = ? AND gone IS NULL AND looked < ?",
                  now.toEpochMilli(),
                  market,
                  heard.minus(SILENT).toEpochMilli())
              + sql.update(
                  "DELETE FROM item WHERE market = ? AND gone < ?",
                  market,
                  heard.minus(REMEMBERED).toEpochMilli());
        });
  }

  /** What was noted by a clock that ran ahead is as of now: else nothing would look at it again. */
  private static void settle(Sql sql, String market, Instant now) throws SQLException {
    long ahead = now.plus(AHEAD).toEpochMilli();
    sql.update(
        "UPDATE item SET looked = ? WHERE market = ? AND looked > ?",
        now.toEpochMilli(),
        market,
        ahead);
    sql.update(
        "UPDATE item SET gone = ? WHERE market = ? AND gone > ?",
        now.toEpochMilli(),
        market,
        ahead);
  }

  /**
   * Until when all of a market was read: a scout that was not there for weeks, a market that did
   * not answer, or a clock that has jumped are no reason to take a thing for gone.
   */
  private static Instant heard(Sql sql, String market, Instant now) throws SQLException {
    long read =
        sql.first(
                row -> row.getLong(1),
                "SELECT COALESCE(MIN(deep), ?) FROM search WHERE market = ?",
                now.toEpochMilli(),
                market)
            .orElseThrow();
    return Instant.ofEpochMilli(Math.min(read, now.toEpochMilli()));
  }

  /** Forgets all that listings of a seller say; returns how many that were. */
  public static int forgetSeller(Sql sql, String sellerKey, Instant now) throws SQLException {
    return sql.update(
        "UPDATE item SET gone = ?, ends = NULL, ending = 0, seller = NULL, likeness = '',"
            + " details = NULL WHERE seller = ?",
        now.toEpochMilli(),
        sellerKey);
  }
}
