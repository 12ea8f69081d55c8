package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keys of people as they are kept: as digests. Safe for many threads, and for many processes. */
public final class KeyStore {
  private static final String KEYS =
      "SELECT id, account, name, shown, models, routes, limits, receipts, created, expires,"
          + " last_use FROM api_key";

  private final Database database;

  public KeyStore(Database database) {
    this.database = database;
  }

  /** All, the oldest first. */
  public List<UserKey> all() {
    return database.read(sql -> sql.list(KeyStore::key, KEYS + " ORDER BY created, id"));
  }

  /** All of somebody, the oldest first. */
  public List<UserKey> of(String user) {
    return database.read(sql -> of(sql, user));
  }

  static List<UserKey> of(Sql sql, String user) throws SQLException {
    return sql.list(KeyStore::key, KEYS + " WHERE account = ? ORDER BY created, id", user);
  }

  static Optional<UserKey> byDigest(Sql sql, String digest) throws SQLException {
    return sql.first(KeyStore::key, KEYS + " WHERE digest = ?", digest);
  }

  public Optional<UserKey> byId(String id) {
    return database.read(sql -> byId(sql, id));
  }

  static Optional<UserKey> byId(Sql sql, String id) throws SQLException {
    return sql.first(KeyStore::key, KEYS + " WHERE id = ?", id);
  }

  private static UserKey key(ResultSet row) throws SQLException {
    return new UserKey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        AccountStore.words(row.getString(5)),
        AccountStore.words(row.getString(6)),
        AccountStore.words(row.getString(7)),
        row.getBoolean(8),
        Instant.ofEpochSecond(row.getLong(9)),
        time(row, 10),
        time(row, 11));
  }

  private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
    long seconds = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(seconds));
  }

  void add(Sql sql, UserKey key, String digest) throws SQLException {
    sql.update(
        "INSERT INTO api_key (id, account, digest, name, shown, models, routes, limits, receipts,"
            + " created, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        key.id(),
        key.user(),
        digest,
        key.name(),
        key.shown(),
        String.join(" ", key.models()),
        String.join(" ", key.routes()),
        String.join(" ", key.limits()),
        key.receipts(),
        key.created().getEpochSecond(),
        key.expires().map(Instant::getEpochSecond).orElse(null));
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none
   */
  void remove(Sql sql, String id) throws SQLException {
    if (sql.update("DELETE FROM api_key WHERE id = ?", id) == 0) {
      throw unknown(id);
    }
  }

  static SoleboxException unknown(String id) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "key",
        "There is no API key '" + id + "'.",
        "'solebox keys ls' lists them.");
  }

  /** Notes when keys were used last. No change of who may do what. */
  void used(Map<String, Instant> times) {
    database.transaction(
        sql -> {
          for (var time : times.entrySet()) {
            sql.update(
                "UPDATE api_key SET last_use = ? WHERE id = ?",
                time.getValue().getEpochSecond(),
                time.getKey());
          }
          return times.size();
        });
  }
}
