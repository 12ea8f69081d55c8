package io.solebox.server.hardware;

import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.SnapshotFields;
import io.solebox.server.hardware.Moments.Key;
import io.solebox.server.hardware.Moments.Moment;
import io.solebox.server.hardware.Moments.Sum;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A week of what was measured, in the database: the tables are its own. */
final class HardwareHistory {
  static final int FINE_SECONDS = Moments.SECONDS;
  static final int COARSE_SECONDS = 120;
  static final long DAY_SECONDS = 86_400;
  static final long WEEK_SECONDS = 7 * DAY_SECONDS;
  private static final double THOUSAND = 1000;

  private final Database database;

  HardwareHistory(Database database) {
    this.database = database;
  }

  /** Keeps what was measured; a moment that is there already is the better one. */
  void add(List<Moment> moments) {
    database.transaction(
        sql -> {
          for (Moment moment : moments) {
            for (Map.Entry<Key, Sum> each : moment.sums().entrySet()) {
              sql.update(
                  "INSERT INTO hardware_value (series, seconds, at, mean, most)"
                      + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  series(sql, each.getKey()),
                  FINE_SECONDS,
                  moment.at(),
                  Math.round(each.getValue().mean() * THOUSAND),
                  Math.round(each.getValue().most() * THOUSAND));
            }
          }
          return moments.size();
        });
  }

  private static long series(Sql sql, Key key) throws SQLException {
    Object[] its = {key.kind().word(), key.device(), key.metric().word(), key.name()};
    sql.update(
        "INSERT INTO hardware_series (kind, device, metric, name) VALUES (?, ?, ?, ?)"
            + " ON CONFLICT (kind, device, metric) DO UPDATE SET name = excluded.name",
        its);
    return sql.first(
            row -> row.getLong(1),
            "SELECT number FROM hardware_series WHERE kind = ? AND device = ? AND metric = ?",
            its[0],
            its[1],
            its[2])
        .orElseThrow();
  }

  /**
   * Makes two minutes of what is older than a day, and lets go what is older than a week.
   *
   * @param now in seconds since 1970
   */
  void thin(long now) {
    long day = (now - DAY_SECONDS) / COARSE_SECONDS * COARSE_SECONDS;
    database.transaction(
        sql -> {
          sql.update(
              "INSERT INTO hardware_value (series, seconds, at, mean, most)"
                  + " SELECT series, ?, (at / ?) * ?, SUM(mean) / COUNT(*), MAX(most)"
                  + " FROM hardware_value WHERE seconds = ? AND at < ?"
                  + " GROUP BY series, (at / ?) * ? ON CONFLICT DO NOTHING",
              COARSE_SECONDS,
              COARSE_SECONDS,
              COARSE_SECONDS,
              FINE_SECONDS,
              day,
              COARSE_SECONDS,
              COARSE_SECONDS);
          sql.update("DELETE FROM hardware_value WHERE seconds = ? AND at < ?", FINE_SECONDS, day);
          sql.update("DELETE FROM hardware_value WHERE at < ?", now - WEEK_SECONDS);
          return sql.update(
              "DELETE FROM hardware_series WHERE NOT EXISTS"
                  + " (SELECT 1 FROM hardware_value WHERE series = number)");
        });
  }

  /**
   * What is asked for.
   *
   * @param from in seconds since 1970
   * @param seconds that a point stands for, at least
   * @param metrics by their words; all where there are none
   * @param device its id; of all where it is blank
   */
  record Question(long from, long seconds, List<String> metrics, String device) {}

  /** Series with their points: when, the mean, the highest. */
  List<Map<String, Object>> read(Question question) {
    return database.read(
        sql -> {
          List<Map<String, Object>> all = new ArrayList<>();
          for (Map<String, Object> series : series(sql, question)) {
            List<List<Number>> points = points(sql, (long) series.remove("number"), question);
            if (!points.isEmpty()) {
              series.put("points", points);
              all.add(series);
            }
          }
          return all;
        });
  }

  private static List<Map<String, Object>> series(Sql sql, Question question) throws SQLException {
    return sql
        .list(
            row -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("number", row.getLong(1));
              fields.put("kind", row.getString(2));
              fields.put("id", row.getString(3));
              fields.put("metric", row.getString(4));
              fields.put("name", row.getString(5));
              return fields;
            },
            "SELECT number, kind, device, metric, name FROM hardware_series"
                + " WHERE ? = '' OR device = ? ORDER BY number",
            question.device(),
            question.device())
        .stream()
        .filter(
            each -> question.metrics().isEmpty() || question.metrics().contains(each.get("metric")))
        .toList();
  }

  private static List<List<Number>> points(Sql sql, long series, Question question)
      throws SQLException {
    long step = question.seconds();
    return sql.list(
        row ->
            List.of(
                row.getLong(1),
                SnapshotFields.number(row.getLong(2) / THOUSAND),
                SnapshotFields.number(row.getLong(3) / THOUSAND)),
        "SELECT (at / ?) * ?, SUM(mean) / COUNT(*), MAX(most) FROM hardware_value"
            + " WHERE series = ? AND at >= ? GROUP BY (at / ?) * ? ORDER BY 1",
        step,
        step,
        series,
        question.from(),
        step,
        step);
  }

  /** The words of metrics that may be asked for. */
  static boolean isMetric(String word) {
    return Arrays.stream(Metric.values()).anyMatch(metric -> metric.word().equals(word));
  }
}
