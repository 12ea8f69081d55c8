package io.solebox.server.accounts.passkeys;

import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Passkeys as they are kept. */
final class PasskeyStore {
  private static final String ALL =
      "SELECT id, account, name, rp_id, credential, counter, backup_eligible, transports, created,"
          + " last_use FROM passkey";

  private PasskeyStore() {}

  static Optional<Passkey> byId(Sql sql, String id) throws SQLException {
    return sql.first(PasskeyStore::passkey, ALL + " WHERE id = ?", id);
  }

  /** The oldest first. */
  static List<Passkey> of(Sql sql, String account) throws SQLException {
    return sql.list(
        PasskeyStore::passkey, ALL + " WHERE account = ? ORDER BY created, id", account);
  }

  private static Passkey passkey(ResultSet row) throws SQLException {
    long use = row.getLong(10);
    Optional<Instant> lastUse =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochSecond(use));
    return new Passkey(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getBytes(5),
        row.getLong(6),
        row.getBoolean(7),
        Stream.of(row.getString(8).split(" ")).filter(word -> !word.isEmpty()).toList(),
        Instant.ofEpochSecond(row.getLong(9)),
        lastUse);
  }

  static void add(Sql sql, Passkey passkey) throws SQLException {
    sql.update(
        "INSERT INTO passkey (id, account, name, rp_id, credential, counter, backup_eligible,"
            + " transports, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        passkey.id(),
        passkey.account(),
        passkey.name(),
        passkey.rpId(),
        passkey.credential(),
        passkey.counter(),
        passkey.backupEligible() ? 1 : 0,
        String.join(" ", passkey.transports()),
        passkey.created().getEpochSecond());
  }

  static void used(Sql sql, Passkey passkey, long counter, Instant now) throws SQLException {
    sql.update(
        "UPDATE passkey SET counter = ?, last_use = ? WHERE id = ?",
        counter,
        now.getEpochSecond(),
        passkey.id());
  }

  /** Whether it was there, and theirs. */
  static boolean rename(Sql sql, String account, String id, String name) throws SQLException {
    return sql.update("UPDATE passkey SET name = ? WHERE id = ? AND account = ?", name, id, account)
        > 0;
  }

  /** Whether it was there, and theirs. */
  static boolean remove(Sql sql, String account, String id) throws SQLException {
    return sql.update("DELETE FROM passkey WHERE id = ? AND account = ?", id, account) > 0;
  }

  static void removeAll(Sql sql, String account) throws SQLException {
    sql.update("DELETE FROM passkey WHERE account = ?", account);
  }
}
