package io.solebox.server.storage;

import io.solebox.storage.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;

/** What one store keeps of its owners. */
public interface Belonging {
  /** Takes what belongs to somebody, a file at a time. */
  @FunctionalInterface
  interface Taker {
    /**
     * @param name with slashes between folders
     * @param content read to its end, and left open
     */
    void take(String name, InputStream content) throws IOException;
  }

  /** Gives all that an owner has there. */
  void export(String owner, Taker taker) throws IOException;

  /**
   * Deletes what no row with the owner's name stands for; such rows are deleted behind this,
   * whatever table they are of.
   *
   * @return what is to be done when the transaction is through
   */
  default Runnable delete(Sql sql, String owner) throws SQLException {
    return () -> {};
  }
}
