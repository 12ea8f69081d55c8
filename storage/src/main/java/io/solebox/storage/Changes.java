package io.solebox.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Notices that somebody has written to a database, be it another process, in a few microseconds: by
 * SQLite's <a href="https://www.sqlite.org/pragma.html#pragma_data_version">data_version</a>, which
 * a connection has of its own. Safe for many threads.
 */
final class Changes implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement version;

  /**
   * @param connection that nobody else uses, closed with this
   */
  Changes(Connection connection) throws SQLException {
    this.connection = connection;
    this.version = connection.prepareStatement("PRAGMA data_version");
  }

  /** Another number than before where something was committed since. */
  synchronized long seen() throws SQLException {
    try (ResultSet row = version.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    version.close();
    connection.close();
  }
}
