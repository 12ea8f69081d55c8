package io.solebox.server.accounts.totp;

import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Secrets of authenticator apps, and digests of recovery codes, as they are kept. */
final class CodeStore {
  private final SecretSeal seal;

  CodeStore(SecretSeal seal) {
    this.seal = seal;
  }

  /**
   * A secret that somebody's app has.
   *
   * @param confirmed whether the app has shown that it has it; before, it counts for nothing
   * @param lastStep of the last code that was taken
   */
  record Kept(Totp totp, boolean confirmed, OptionalLong lastStep) {}

  Optional<Kept> find(Sql sql, String account) throws SQLException {
    Optional<Row> row =
        sql.first(
            CodeStore::row,
            "SELECT secret, confirmed, last_step FROM totp WHERE account = ?",
            account);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    Totp totp = new Totp(seal.open(sql, account, row.get().secret()));
    return Optional.of(new Kept(totp, row.get().confirmed(), row.get().lastStep()));
  }

  private record Row(byte[] secret, boolean confirmed, OptionalLong lastStep) {}

  private static Row row(ResultSet row) throws SQLException {
    byte[] secret = row.getBytes(1);
    boolean confirmed = row.getBoolean(2);
    long step = row.getLong(3);
    return new Row(secret, confirmed, row.wasNull() ? OptionalLong.empty() : OptionalLong.of(step));
  }

  static boolean isConfirmed(Sql sql, String account) throws SQLException {
    return sql.first(_ -> true, "SELECT 1 FROM totp WHERE account = ? AND confirmed = 1", account)
        .isPresent();
  }

  /** Keeps a secret that is to be confirmed, in place of another that never was. */
  void begin(Sql sql, String account, Totp totp) throws SQLException {
    sql.update("DELETE FROM totp WHERE account = ? AND confirmed = 0", account);
    sql.update(
        "INSERT INTO totp (account, secret, confirmed) VALUES (?, ?, 0)",
        account,
        seal.seal(sql, account, totp.secret()));
  }

  /** Notes that the code of a step was taken, which confirms the secret. */
  static void taken(Sql sql, String account, long step) throws SQLException {
    sql.update("UPDATE totp SET confirmed = 1, last_step = ? WHERE account = ?", step, account);
  }

  static void setRecovery(Sql sql, String account, List<RecoveryCode> codes) throws SQLException {
    sql.update("DELETE FROM recovery_code WHERE account = ?", account);
    for (RecoveryCode code : codes) {
      sql.update(
          "INSERT INTO recovery_code (account, digest) VALUES (?, ?)", account, code.digest());
    }
  }

  /** Uses a recovery code up; false where it is none. */
  static boolean takeRecovery(Sql sql, String account, RecoveryCode code) throws SQLException {
    return sql.update(
            "DELETE FROM recovery_code WHERE account = ? AND digest = ?", account, code.digest())
        > 0;
  }

  static int recoveryLeft(Sql sql, String account) throws SQLException {
    return sql.first(
            row -> row.getInt(1), "SELECT COUNT(*) FROM recovery_code WHERE account = ?", account)
        .orElseThrow();
  }

  static void remove(Sql sql, String account) throws SQLException {
    sql.update("DELETE FROM totp WHERE account = ?", account);
    sql.update("DELETE FROM recovery_code WHERE account = ?", account);
  }
}
