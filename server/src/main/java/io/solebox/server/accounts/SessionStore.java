package io.solebox.server.accounts;

import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in, by digests of what their browsers have. A session ends when nobody has used it
 * for {@link #IDLE}, and when it is {@link #LONGEST} old. Safe for many threads, and for many
 * processes.
 */
public final class SessionStore {
  public static final Duration IDLE = Duration.ofDays(3);
  public static final Duration LONGEST = Duration.ofDays(30);

  /** What is told of a session's digest to say which it is. */
  private static final int ID_LENGTH = 16;

  private static final int LONGEST_AGENT = 200;

  /** So many can somebody have; with one more that ends which was unused for longest. */
  static final int MOST = 50;

  private static final String SESSIONS =
      "SELECT digest, account, created, last_use, expires, address, agent FROM session";

  private final Database database;
  private final Clock clock;

  public SessionStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** By which people tell a session. */
  static String id(String digest) {
    return digest.substring(0, ID_LENGTH);
  }

  static Optional<Session> byDigest(Sql sql, String digest) throws SQLException {
    return sql.first(SessionStore::session, SESSIONS + " WHERE digest = ?", digest);
  }

  /** Those of somebody that have not ended, the oldest first. */
  public List<Session> of(String user) {
    Instant now = clock.instant();
    return database
        .read(
            sql ->
                sql.list(
                    SessionStore::session, SESSIONS + " WHERE account = ? ORDER BY created", user))
        .stream()
        .filter(session -> isOpen(session, now))
        .toList();
  }

  static boolean isOpen(Session session, Instant now) {
    return now.isBefore(session.expires()) && now.isBefore(session.lastUse().plus(IDLE));
  }

  private static Session session(ResultSet row) throws SQLException {
    return new Session(
        id(row.getString(1)),
        row.getString(2),
        Instant.ofEpochSecond(row.getLong(3)),
        Instant.ofEpochSecond(row.getLong(4)),
        Instant.ofEpochSecond(row.getLong(5)),
        row.getString(6),
        row.getString(7));
  }

  /**
   * Begins one; those that have ended leave with it.
   *
   * @return what the browser gets, and nobody keeps
   */
  String begin(Sql sql, String user, String address, String agent) throws SQLException {
    String token = Secrets.token();
    Instant now = clock.instant();
    sql.update(
        "DELETE FROM session WHERE expires <= ? OR last_use <= ?",
        now.getEpochSecond(),
        now.minus(IDLE).getEpochSecond());
    sql.update(
        "INSERT INTO session (digest, account, created, last_use, expires, address, agent)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        Secrets.digest(token),
        user,
        now.getEpochSecond(),
        now.getEpochSecond(),
        now.plus(LONGEST).getEpochSecond(),
        address,
        agent.substring(0, Math.min(agent.length(), LONGEST_AGENT)));
    return token;
  }

  /** Ends those of somebody that are too many; returns their ids. */
  List<String> makeRoom(Sql sql, String user) throws SQLException {
    List<String> all =
        sql.list(
            row -> row.getString(1),
            "SELECT digest FROM session WHERE account = ? ORDER BY last_use DESC, rowid DESC",
            user);
    List<String> ended = all.subList(Math.min(MOST, all.size()), all.size());
    for (String digest : ended) {
      sql.update("DELETE FROM session WHERE digest = ?", digest);
    }
    return ended.stream().map(SessionStore::id).toList();
  }

  /** Ends all of somebody. */
  void endAll(Sql sql, String user) throws SQLException {
    sql.update("DELETE FROM session WHERE account = ?", user);
  }

  /**
   * Ends one.
   *
   * @return whether it was there, and theirs
   */
  boolean end(Sql sql, String user, String id) throws SQLException {
    return sql.update(
            "DELETE FROM session WHERE account = ? AND substr(digest, 1, ?) = ?",
            user,
            ID_LENGTH,
            id)
        > 0;
  }

  /** Ends the one that a browser has, whosever it is. */
  boolean forget(Sql sql, String token) throws SQLException {
    return sql.update("DELETE FROM session WHERE digest = ?", Secrets.digest(token)) > 0;
  }

  /** Notes when sessions were used last, by digest. No change of who may do what. */
  void used(Map<String, Instant> times) {
    database.transaction(
        sql -> {
          for (var time : times.entrySet()) {
            sql.update(
                "UPDATE session SET last_use = ? WHERE digest = ?",
                time.getValue().getEpochSecond(),
                time.getKey());
          }
          return times.size();
        });
  }
}
