package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.PrintStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Goes through tables of rows that are to be sealed, some of them in each transaction: others that
 * wait to write have their turn between two.
 */
final class PlainTables {
  /** Those that belong to others before these. */
  private static final List<String> NAMES =
      List.of(
          "plain_chat_completion",
          "plain_conversation_item",
          "plain_conversation",
          "plain_response_event",
          "plain_response",
          "plain_batch_line",
          "plain_batch",
          "plain_file");

  private static final long STEP_BYTES = 4 << 20;
  private static final int STEP_ROWS = 500;
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration NEWS = Duration.ofSeconds(2);

  private final Database database;
  private final PrintStream log;
  private long total;
  private long done;
  private long told = System.nanoTime();

  PlainTables(Database database, PrintStream log) {
    this.database = database;
    this.log = log;
  }

  /** Takes a row to where it belongs; returns how many bytes it had. */
  @FunctionalInterface
  interface RowTaker {
    long take(Sql sql, ResultSet row) throws SQLException;
  }

  /**
   * Does the work where the tables are there, and drops them. Of several servers with the same
   * folder one does it, and the others wait for it.
   */
  void whereThere(Runnable work) {
    boolean told = false;
    while (database.read(PlainTables::areThere)) {
      if (database.leadership().isOurs()) {
        total = database.read(PlainTables::count);
        work.run();
        database.transaction(PlainTables::drop);
        database.forgetDeleted();
      } else {
        if (!told) {
          log.println("Another server seals what was stored before; this one waits for it.");
          told = true;
        }
        pause();
      }
    }
  }

  private static boolean areThere(Sql sql) throws SQLException {
    return sql.hasTable("plain_file");
  }

  private static long count(Sql sql) throws SQLException {
    long rows = 0;
    for (String table : NAMES) {
      rows += sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM " + table).orElseThrow();
    }
    return rows;
  }

  private static int drop(Sql sql) throws SQLException {
    for (String table : NAMES) {
      sql.update("DROP TABLE " + table);
    }
    return NAMES.size();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SoleboxException(
          ErrorCode.CANCELLED,
          "the state",
          "The start was broken off while another server seals what was stored before.",
          "Start again.");
    }
  }

  /** Takes each row of a table, in the order in which they were written. */
  void each(String table, RowTaker taker) {
    Optional<Long> last = Optional.of(Long.MIN_VALUE);
    while (last.isPresent()) {
      long behind = last.get();
      last = database.transaction(sql -> step(sql, table, taker, behind));
    }
  }

  /** Returns the place of the last row that was taken; empty where there are no more. */
  private Optional<Long> step(Sql sql, String table, RowTaker taker, long behind)
      throws SQLException {
    long place = behind;
    long bytes = 0;
    for (int rows = 0; rows < STEP_ROWS && bytes < STEP_BYTES; rows++) {
      Optional<long[]> taken =
          sql.first(
              row -> new long[] {row.getLong("place"), taker.take(sql, row)},
              "SELECT rowid AS place, * FROM " + table + " WHERE rowid > ? ORDER BY rowid LIMIT 1",
              place);
      if (taken.isEmpty()) {
        return Optional.empty();
      }
      place = taken.get()[0];
      bytes += taken.get()[1];
      advance();
    }
    return Optional.of(place);
  }

  /** One more row is sealed. */
  void advance() {
    done++;
    if (System.nanoTime() - told > NEWS.toNanos()) {
      told = System.nanoTime();
      log.println("Sealing what was stored before: %d of %d.".formatted(done, total));
    }
  }
}
