package io.solebox.scout.state;

import io.solebox.scout.source.Search;
import io.solebox.scout.watch.Watch;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** When searches were asked, and when they are to be asked again. */
public final class Searches {
  private final Database database;

  public Searches(Database database) {
    this.database = database;
  }

  /**
   * What is remembered of one.
   *
   * @param seeded whether it was answered in full once
   * @param deep when it was last read to its end; the beginning of time where never
   * @param failures in a row
   */
  public record State(boolean seeded, Instant deep, Instant asked, Instant due, int failures) {}

  /** Empty where it was not registered. */
  public Optional<State> state(String market, Search search) {
    return database.read(
        sql ->
            sql.first(
                row ->
                    new State(
                        row.getLong(1) != 0,
                        Instant.ofEpochMilli(row.getLong(2)),
                        Instant.ofEpochMilli(row.getLong(3)),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getInt(5)),
                "SELECT COALESCE(seeded, 0), deep, asked, due, failures FROM search WHERE market ="
                    + " ? AND site = ? AND words = ? AND watch = ?",
                market,
                search.site(),
                search.words(),
                watch(search)));
  }

  static void note(Sql sql, String market, Search search, SearchDone done) throws SQLException {
    long asked = done.asked().toEpochMilli();
    sql.update(
        "INSERT INTO search (market, site, words, watch, seeded, deep, asked, due, failures,"
            + " problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (market, site, words,"
            + " watch) DO UPDATE SET seeded = COALESCE(search.seeded, excluded.seeded), deep ="
            + " CASE WHEN excluded.deep > 0 THEN excluded.deep ELSE search.deep END, asked ="
            + " excluded.asked, due = excluded.due, failures = CASE WHEN excluded.failures = 0"
            + " THEN 0 ELSE search.failures + 1 END, problem = excluded.problem",
        market,
        search.site(),
        search.words(),
        watch(search),
        done.whole() ? asked : null,
        done.whole() && done.deep() ? asked : 0,
        asked,
        done.due().toEpochMilli(),
        done.whole() ? 0 : 1,
        done.problem());
    if (done.whole()) {
      Searched.answered(sql, market, search.site(), watch(search), done.asked());
    }
  }

  private static String watch(Search search) {
    return search.watch().map(Watch::name).orElse("");
  }

  /**
   * Notes why nothing comes from a market until somebody changes something; both empty where it is
   * open.
   */
  public void noteMarket(String market, Instant looked, String closed, String remedy) {
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO market (name, looked, closed, remedy) VALUES (?, ?, ?, ?) ON CONFLICT"
                    + " (name) DO UPDATE SET looked = excluded.looked, closed = excluded.closed,"
                    + " remedy = excluded.remedy",
                market,
                looked.toEpochMilli(),
                closed,
                remedy));
  }

  /**
   * Notes which searches there are: what is no longer asked is forgotten, and a watch that comes
   * back or has changed begins anew; what was never asked is due at once.
   *
   * @param watches all, which hear also of what is asked once for all
   */
  public void register(String market, List<Search> asked, List<Watch> watches) {
    database.transaction(
        sql -> {
          Set<List<String>> keep = new HashSet<>();
          for (Search search : asked) {
            keep.add(List.of(search.site(), search.words(), watch(search)));
            sql.update(
                "INSERT INTO search (market, site, words, watch, deep, asked, due, failures,"
                    + " problem) VALUES (?, ?, ?, ?, 0, 0, 0, 0, '') ON CONFLICT (market, site,"
                    + " words, watch) DO NOTHING",
                market,
                search.site(),
                search.words(),
                watch(search));
            for (Watch watch : search.watch().map(List::of).orElse(watches)) {
              Searched.register(sql, market, search.site(), watch);
            }
          }
          for (List<String> row : rows(sql, market)) {
            if (!keep.contains(row)) {
              sql.update(
                  "DELETE FROM search WHERE market = ? AND site = ? AND words = ? AND watch = ?",
                  market,
                  row.get(0),
                  row.get(1),
                  row.get(2));
            }
          }
          return keep.size();
        });
  }

  private static List<List<String>> rows(Sql sql, String market) throws SQLException {
    return sql.list(
        row -> List.of(row.getString(1), row.getString(2), row.getString(3)),
        "SELECT site, words, watch FROM search WHERE market = ?",
        market);
  }
}
