package io.solebox.server.usage;

import io.solebox.server.limits.Payer;
import io.solebox.server.limits.Used;
import io.solebox.server.storage.HandOver;
import io.solebox.server.usage.DaySpendings.Place;
import io.solebox.server.usage.DaySpendings.Spent;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was used, in tables. */
final class UsageTables {
  private UsageTables() {}

  /** Writes a batch, unless it is written. */
  static void add(Sql sql, String journal, UsageBatch batch) throws SQLException {
    if (written(sql, journal) >= batch.last()) {
      return; // its commit was not heard of
    }
    for (Map.Entry<UsageKey, Used> sum : batch.sums().entrySet()) {
      add(sql, sum.getKey(), sum.getValue());
    }
    sql.update(
        "INSERT INTO usage_written (journal, number) VALUES (?, ?)"
            + " ON CONFLICT (journal) DO UPDATE SET number = excluded.number",
        journal,
        batch.last());
  }

  private static void add(Sql sql, UsageKey key, Used used) throws SQLException {
    Payer payer = key.payer();
    sql.update(
        "INSERT INTO usage_of_day (day, payer, api_key, user_group, model,"
            + " requests, prompt_tokens, cached_tokens, generated_tokens)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (day, payer, api_key, user_group, model) DO UPDATE SET"
            + " requests = usage_of_day.requests + excluded.requests,"
            + " prompt_tokens = usage_of_day.prompt_tokens + excluded.prompt_tokens,"
            + " cached_tokens = usage_of_day.cached_tokens + excluded.cached_tokens,"
            + " generated_tokens = usage_of_day.generated_tokens + excluded.generated_tokens",
        key.day(),
        HandOver.owner(sql, payer.user()), // it may have been handed over on its way
        payer.key(),
        payer.group(),
        key.model(),
        used.requests(),
        used.prompt(),
        used.cached(),
        used.generated());
  }

  /** The number of the last charge of a journal that is in the table; 0 where none is. */
  static long written(Sql sql, String journal) throws SQLException {
    return sql.first(
            row -> row.getLong(1), "SELECT number FROM usage_written WHERE journal = ?", journal)
        .orElse(0L);
  }

  static void forget(Sql sql, String journal) throws SQLException {
    sql.update("DELETE FROM usage_written WHERE journal = ?", journal);
  }

  static void save(Sql sql, Place place, Spent spent) throws SQLException {
    sql.update(
        "INSERT INTO spending (holder, bound, spent, at) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (holder, bound) DO UPDATE SET spent = excluded.spent, at = excluded.at",
        place.holder(),
        place.bound(),
        spent.tokens(),
        spent.at());
  }

  static Map<Place, Spent> spendings(Sql sql) throws SQLException {
    Map<Place, Spent> spendings = new HashMap<>();
    sql.list(
        row ->
            spendings.put(
                new Place(row.getString(1), row.getString(2)),
                new Spent(row.getLong(3), row.getLong(4))),
        "SELECT holder, bound, spent, at FROM spending");
    return spendings;
  }

  static UsageNames names(Sql sql) throws SQLException {
    return new UsageNames(
        pairs(sql, "SELECT id, name FROM account"), pairs(sql, "SELECT id, name FROM api_key"));
  }

  private static Map<String, String> pairs(Sql sql, String query) throws SQLException {
    Map<String, String> pairs = new HashMap<>();
    sql.list(row -> pairs.put(row.getString(1), row.getString(2)), query);
    return pairs;
  }

  static List<UsageRow> sums(Sql sql, UsageQuery query) throws SQLException {
    List<Object> values = new ArrayList<>(List.of(query.from()));
    String only = query.payer().map(_ -> " AND payer = ?").orElse("");
    query.payer().ifPresent(values::add);
    String columns =
        query.by().stream().map(UsageQuery.By::column).collect(Collectors.joining(", "));
    String grouped = columns.isEmpty() ? "" : " GROUP BY " + columns + " ORDER BY " + columns;
    return sql.list(
        row -> row(row, query.by()),
        "SELECT "
            + (columns.isEmpty() ? "" : columns + ", ")
            + "COALESCE(SUM(requests), 0), COALESCE(SUM(prompt_tokens), 0),"
            + " COALESCE(SUM(cached_tokens), 0), COALESCE(SUM(generated_tokens), 0)"
            + " FROM usage_of_day WHERE day >= ?"
            + only
            + grouped,
        values.toArray());
  }

  private static UsageRow row(ResultSet row, List<UsageQuery.By> by) throws SQLException {
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= by.size(); i++) {
      names.add(row.getString(i));
    }
    int next = by.size() + 1;
    return new UsageRow(
        names,
        new Used(
            row.getLong(next),
            row.getLong(next + 1),
            row.getLong(next + 2),
            row.getLong(next + 3)));
  }
}
