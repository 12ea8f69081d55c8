package io.solebox.server.responses;

import io.solebox.server.responses.EventLog.Event;
import io.solebox.server.storage.Database;
import io.solebox.server.storage.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Events of responses in the background, as they are kept: while one runs, and for an hour after,
 * so that whoever lost its stream finds the rest.
 */
final class KeptEvents {
  private static final Duration KEPT = Duration.ofHours(1);

  private final Database database;
  private final Clock clock;

  KeptEvents(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Writes further events, and drops those before {@code first} and those of old responses.
   *
   * @param response whose they are
   */
  void add(String response, List<Event> events, long first) {
    long now = clock.instant().getEpochSecond();
    database.transaction(
        sql -> {
          for (Event event : events) {
            add(sql, response, event, now);
          }
          sql.update(
              "DELETE FROM response_event WHERE response = ? AND sequence < ?", response, first);
          return sql.update(
              "DELETE FROM response_event WHERE created < ? AND response IN"
                  + " (SELECT id FROM response WHERE status NOT IN ('queued', 'in_progress'))",
              now - KEPT.toSeconds());
        });
  }

  /** The same inside a transaction. */
  static void add(Sql sql, String response, Event event, long now) throws SQLException {
    sql.update(
        "INSERT INTO response_event (response, sequence, created, type, body)"
            + " SELECT id, ?, ?, ?, ? FROM response WHERE id = ?",
        event.sequence(),
        now,
        event.type(),
        new String(event.body(), StandardCharsets.UTF_8),
        response);
  }

  /** All that are kept, in their order. */
  List<Event> of(String response) {
    return database.transaction(
        sql ->
            sql.list(
                row ->
                    new Event(
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3).getBytes(StandardCharsets.UTF_8)),
                "SELECT sequence, type, body FROM response_event WHERE response = ?"
                    + " ORDER BY sequence",
                response));
  }
}
