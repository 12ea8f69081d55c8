package io.solebox.server.audit;

import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The chain and its heads in their tables. */
final class AuditTables {
  private static final String LINKS =
      "SELECT seq, at, action, actor, subject, details, digest FROM audit ";
  private static final String HEADS =
      "SELECT number, seq, at, digest, signing_key, signature FROM audit_head ";

  private AuditTables() {}

  static void add(Sql sql, Link link) throws SQLException {
    Entry entry = link.entry();
    sql.update(
        "INSERT INTO audit (seq, at, action, actor, subject, details, digest)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        link.seq(),
        link.at(),
        entry.action(),
        entry.actor(),
        entry.subject(),
        Details.text(entry.details()),
        link.digest());
  }

  static void add(Sql sql, Head head) throws SQLException {
    sql.update(
        "INSERT INTO audit_head (number, seq, at, digest, signing_key, signature)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        head.number(),
        head.seq(),
        head.at(),
        head.digest(),
        head.key(),
        head.signature());
  }

  /** The end of the chain, whatever was made of it. */
  static Tip tip(Sql sql) throws SQLException {
    return sql.first(
            row -> new Tip(row.getLong(1), row.getLong(2), bytes(row, 3)),
            "SELECT seq, at, digest FROM audit ORDER BY seq DESC LIMIT 1")
        .orElse(Tip.START);
  }

  /** The first ones behind a number. */
  static List<Recorded> after(Sql sql, long seq, int most) throws SQLException {
    return sql.list(AuditTables::read, LINKS + "WHERE seq > ? ORDER BY seq LIMIT ?", seq, most);
  }

  /** Those of a kind, among them the first ones behind a number. */
  static List<Recorded> after(Sql sql, AuditFilter which, long seq, int most) throws SQLException {
    return sql.list(
        AuditTables::read,
        LINKS + "WHERE seq > ? AND " + AuditFilter.SQL + " ORDER BY seq LIMIT ?",
        which.with(seq, most));
  }

  /** The last ones of a kind before a number, in their order. */
  static List<Recorded> before(Sql sql, AuditFilter which, long seq, int most) throws SQLException {
    return sql.list(
            AuditTables::read,
            LINKS + "WHERE seq < ? AND " + AuditFilter.SQL + " ORDER BY seq DESC LIMIT ?",
            which.with(seq, most))
        .reversed();
  }

  static Optional<Recorded> last(Sql sql, String action) throws SQLException {
    return sql.first(
        AuditTables::read, LINKS + "WHERE action = ? ORDER BY seq DESC LIMIT 1", action);
  }

  /** The number of the first one that is not older; empty where all are. */
  static Optional<Long> firstSince(Sql sql, long at) throws SQLException {
    return sql.first(
        row -> row.getLong(1), "SELECT seq FROM audit WHERE at >= ? ORDER BY seq LIMIT 1", at);
  }

  /** When the first one behind a number was written. */
  static Optional<Long> oldest(Sql sql, long seq) throws SQLException {
    return sql.first(
        row -> row.getLong(1), "SELECT at FROM audit WHERE seq > ? ORDER BY seq LIMIT 1", seq);
  }

  static Optional<Head> lastHead(Sql sql) throws SQLException {
    return sql.first(AuditTables::head, HEADS + "ORDER BY number DESC LIMIT 1");
  }

  static List<Head> heads(Sql sql) throws SQLException {
    return sql.list(AuditTables::head, HEADS + "ORDER BY number");
  }

  private static Head head(ResultSet row) throws SQLException {
    return new Head(
        row.getLong(1), row.getLong(2), row.getLong(3), bytes(row, 4), text(row, 5), bytes(row, 6));
  }

  private static Recorded read(ResultSet row) throws SQLException {
    return Details.recorded(
        row.getLong(1),
        row.getLong(2),
        new String[] {text(row, 3), text(row, 4), text(row, 5)},
        text(row, 6),
        bytes(row, 7));
  }

  /** What somebody has emptied is read as empty, and found to be wrong. */
  private static byte[] bytes(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getBytes(column)).orElse(new byte[0]);
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).orElse("");
  }
}
