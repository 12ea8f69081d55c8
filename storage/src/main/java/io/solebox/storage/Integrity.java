package io.solebox.storage;

import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Looks whether a file is whole. */
public final class Integrity {
  /** Virtual instructions between two looks at the clock: a fraction of a millisecond. */
  private static final int LOOK = 10_000;

  private Integrity() {}

  /**
   * Looks at a file for so long.
   *
   * @return whether all of it was looked at
   * @throws SoleboxException {@code IO_ERROR} if it is damaged
   */
  static boolean quickly(Connection connection, Path file, Schema schema, Duration limit)
      throws SQLException {
    long end = System.nanoTime() + limit.toNanos();
    ProgressHandler.setHandler(
        connection,
        LOOK,
        new ProgressHandler() {
          @Override
          protected int progress() {
            return System.nanoTime() - end > 0 ? 1 : 0;
          }
        });
    try {
      require(file, schema, findings(connection, "PRAGMA quick_check(1)"));
      return true;
    } catch (SQLiteException e) {
      if (e.getResultCode() == SQLiteErrorCode.SQLITE_INTERRUPT) {
        return false;
      }
      throw e;
    } finally {
      ProgressHandler.clearHandler(connection);
    }
  }

  /** What is wrong with all of it, indexes and references included; nothing where it is whole. */
  public static List<String> thoroughly(Connection connection) throws SQLException {
    List<String> findings = findings(connection, "PRAGMA integrity_check");
    if (!findings.isEmpty()) {
      return findings; // references in what is damaged lead anywhere
    }
    return new Sql(connection)
        .list(
            row ->
                "a row of %s names one of %s that is gone"
                    .formatted(row.getString(1), row.getString(3)),
            "PRAGMA foreign_key_check");
  }

  private static List<String> findings(Connection connection, String check) throws SQLException {
    try {
      return new Sql(connection)
          .list(row -> row.getString(1), check).stream()
              .filter(found -> !found.equals("ok"))
              .toList();
    } catch (SQLException e) {
      if (isDamage(e)) {
        return List.of(e.getMessage()); // it could not look at the rest
      }
      throw e;
    }
  }

  private static void require(Path file, Schema schema, List<String> findings) {
    if (!findings.isEmpty()) {
      throw schema.damaged(file, String.join("; ", findings), null);
    }
  }

  /** Whether damage is what went wrong. */
  static boolean isDamage(Exception cause) {
    if (!(cause instanceof SQLiteException e)) {
      return false;
    }
    int primary = e.getResultCode().code & 0xff; // further bits say more of it
    return primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  /** Whether there is no room left. */
  static boolean isFull(Exception cause) {
    return cause instanceof SQLiteException e && e.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
  }
}
