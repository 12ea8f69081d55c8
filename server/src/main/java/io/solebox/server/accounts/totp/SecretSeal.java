package io.solebox.server.accounts.totp;

import io.solebox.storage.Sql;
import java.sql.SQLException;

/** How secrets of authenticator apps lie in the database. */
public interface SecretSeal {
  /** What is kept of somebody's secret. */
  byte[] seal(Sql sql, String account, byte[] secret) throws SQLException;

  /** The secret of what was kept. */
  byte[] open(Sql sql, String account, byte[] kept) throws SQLException;
}
