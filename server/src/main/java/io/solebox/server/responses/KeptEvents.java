package io.solebox.server.responses;

import io.solebox.server.responses.EventLog.Event;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Events of responses in the background, as they are kept: while one runs, and for an hour after,
 * so that whoever lost its stream finds the rest.
 */
final class KeptEvents {
  private static final Duration KEPT = Duration.ofHours(1);

  /** So many are read at once. */
  private static final int AT_ONCE = 100;

  private final Vault vault;
  private final Database database;
  private final Clock clock;

  KeptEvents(Vault vault, Clock clock) {
    this.vault = vault;
    this.database = vault.database();
    this.clock = clock;
  }

  /**
   * Writes further events, and drops those before {@code first}; nothing where the response is
   * gone.
   *
   * @param response whose they are
   */
  void add(String response, List<Event> events, long first) {
    long now = clock.instant().getEpochSecond();
    database.transaction(
        sql -> {
          Optional<String> owner = owner(sql, response);
          if (owner.isPresent()) {
            for (Event event : events) {
              add(sql, response, owner.get(), event, now);
            }
          }
          return sql.update(
              "DELETE FROM response_event WHERE response = ? AND sequence < ?", response, first);
        });
  }

  private static Optional<String> owner(Sql sql, String response) throws SQLException {
    return sql.first(row -> row.getString(1), "SELECT owner FROM response WHERE id = ?", response);
  }

  /** The same of a response that is there, inside a transaction. */
  void add(Sql sql, String response, String owner, Event event, long now) throws SQLException {
    String text = new String(event.body(), StandardCharsets.UTF_8);
    sql.update(
        "INSERT INTO response_event (response, sequence, created, type, body)"
            + " VALUES (?, ?, ?, ?, ?)",
        response,
        event.sequence(),
        now,
        event.type(),
        vault
            .writing(sql, owner)
            .seal(Cells.responseEvent(response, event.sequence(), event.type()), text));
  }

  /** The lowest number that is kept; 0 where none is. */
  long first(String response) {
    return database.read(
        sql ->
            sql.first(
                    row -> row.getLong(1),
                    "SELECT COALESCE(MIN(sequence), 0) FROM response_event WHERE response = ?",
                    response)
                .orElseThrow());
  }

  /**
   * Those behind one, in their order.
   *
   * @param after its number, -1 for all
   * @return the next of them; none where no more are kept
   */
  List<Event> after(String response, long after) {
    return database.read(
        sql -> {
          Optional<String> owner = owner(sql, response);
          return owner.isEmpty() ? List.of() : after(sql, response, owner.get(), after);
        });
  }

  private List<Event> after(Sql sql, String response, String owner, long after)
      throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.list(
        row -> {
          long sequence = row.getLong(1);
          String type = row.getString(2);
          return new Event(
              sequence,
              type,
              texts.openBytes(Cells.responseEvent(response, sequence, type), row.getBytes(3)));
        },
        "SELECT sequence, type, body FROM response_event"
            + " WHERE response = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        response,
        after,
        AT_ONCE);
  }

  /**
   * Deletes the events of responses that have been over for an hour: of each all, or none.
   *
   * @return of how many responses
   */
  int deleteOld() {
    long before = clock.instant().getEpochSecond() - KEPT.toSeconds();
    return database.transaction(
        sql -> {
          List<String> old =
              sql.list(
                  row -> row.getString(1),
                  "SELECT id FROM response WHERE status NOT IN ('queued', 'in_progress')"
                      + " AND id IN (SELECT response FROM response_event WHERE created < ?)"
                      + " AND (SELECT created FROM response_event WHERE response = response.id"
                      + " ORDER BY sequence DESC LIMIT 1) < ?",
                  before,
                  before);
          for (String response : old) {
            sql.update("DELETE FROM response_event WHERE response = ?", response);
          }
          return old.size();
        });
  }
}
