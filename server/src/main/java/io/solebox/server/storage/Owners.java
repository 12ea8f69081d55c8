package io.solebox.server.storage;

import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/** Whose things are. */
public final class Owners {
  /** Who has no name: the person at this machine, where nobody has an account. */
  public static final String HERE = "";

  /** Before the names of tables whose texts earlier versions have not sealed. */
  static final String PLAIN = "plain_";

  private Owners() {}

  /** The tables of what belongs to somebody: all with a column {@code owner} but that of keys. */
  public static List<String> tables(Sql sql) throws SQLException {
    return sql.tablesWith("owner").stream().filter(table -> !table.equals("owner_key")).toList();
  }

  /**
   * Those who have something.
   *
   * @param table with a column {@code owner}
   */
  public static List<String> in(Database database, String table) {
    return database.read(
        sql -> sql.list(row -> row.getString(1), "SELECT DISTINCT owner FROM " + table));
  }

  /**
   * Deletes what was kept for long enough; returns how much that was.
   *
   * @param table with a column {@code owner}
   */
  public static int expire(
      Database database, String table, Deadlines deadlines, Deletion deletion) {
    int gone = 0;
    for (String owner : in(database, table)) {
      OptionalLong before = deadlines.before(owner);
      if (before.isPresent()) {
        gone += deletion.delete(owner, before.getAsLong());
      }
    }
    return gone;
  }

  /** Deletes what an owner has had since before a time, in seconds since 1970. */
  @FunctionalInterface
  public interface Deletion {
    /** Returns how much that was. */
    int delete(String owner, long before);
  }

  /**
   * The id of the account that a request comes from, or the name of its key; empty where the server
   * has neither.
   */
  public static String of(Exchange exchange) {
    return exchange.caller().map(Caller::owner).orElse(HERE);
  }
}
