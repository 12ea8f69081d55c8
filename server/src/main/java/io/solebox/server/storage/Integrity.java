package io.solebox.server.storage;

import io.solebox.engine.error.ErrorCode;
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
final class Integrity {
  /** Virtual instructions between two looks at the clock: a fraction of a millisecond. */
  private static final int LOOK = 10_000;

  private Integrity() {}

  /**
   * Looks at a file for so long.
   *
   * @return whether all of it was looked at
   * @throws SoleboxException {@code IO_ERROR} if it is damaged
   */
  static boolean quickly(Connection connection, Path file, Duration limit) throws SQLException {
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
      require(file, findings(connection, "PRAGMA quick_check(1)"));
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
  static List<String> thoroughly(Connection connection) throws SQLException {
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

  private static void require(Path file, List<String> findings) {
    if (!findings.isEmpty()) {
      throw damaged(file, String.join("; ", findings), null);
    }
  }

  /** Nothing is deleted: parts of it may be read by somebody who knows how. */
  static SoleboxException damaged(Path file, String finding, Throwable cause) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        file.toString(),
        "What the server remembers is damaged: " + finding + ".",
        "Restore a backup with 'solebox state restore', or move the file away and begin anew.",
        cause);
  }

  /** Whether that is what went wrong. */
  static boolean isDamage(Exception cause) {
    if (!(cause instanceof SQLiteException e)) {
      return false;
    }
    int primary = e.getResultCode().code & 0xff; // further bits say more of it
    return primary == SQLiteErrorCode.SQLITE_CORRUPT.code
        || primary == SQLiteErrorCode.SQLITE_NOTADB.code;
  }
}
