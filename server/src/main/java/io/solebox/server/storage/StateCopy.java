package io.solebox.server.storage;

import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.JournalMode;
import org.sqlite.SQLiteConfig.Pragma;

/**
 * A copy of a state's database, which no server has open: keys of owners are taken out of it and
 * put into it. Nothing of what is taken out is left in the file.
 */
public final class StateCopy implements AutoCloseable {
  /** In place of a key that was destroyed. */
  private static final byte[] NONE = {};

  private final Path file;
  private final Connection connection;

  private StateCopy(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  public static StateCopy open(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(JournalMode.MEMORY);
    config.setPragma(Pragma.SECURE_DELETE, "true");
    config.enforceForeignKeys(true);
    try {
      return new StateCopy(file, config.createConnection("jdbc:sqlite:" + file));
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  private <T> T run(Database.Work<T> work) {
    try {
      Sql sql = new Sql(connection);
      sql.update("BEGIN");
      T result = work.run(sql);
      sql.update("COMMIT");
      return result;
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }

  /** The wrapped keys of owners, by owner; no bytes for one that was destroyed. */
  public Map<String, byte[]> keys() {
    return run(
        sql -> {
          Map<String, byte[]> keys = new HashMap<>();
          if (sql.hasTable("owner_key")) {
            sql.list(
                row -> keys.put(row.getString(1), row.getBytes(2)),
                "SELECT owner, wrapped FROM owner_key");
          }
          return keys;
        });
  }

  /** Takes all keys out. */
  public void removeKeys() {
    run(
        sql ->
            sql.hasTable("owner_key")
                ? sql.update("DELETE FROM owner_key WHERE wrapped <> ?", NONE)
                : 0);
  }

  /** Puts keys in; those that are destroyed stay so. */
  public void putKeys(Map<String, byte[]> keys) {
    run(
        sql -> {
          for (Map.Entry<String, byte[]> each : keys.entrySet()) {
            sql.update(
                "INSERT INTO owner_key (owner, wrapped) VALUES (?, ?) ON CONFLICT (owner)"
                    + " DO UPDATE SET wrapped = excluded.wrapped WHERE owner_key.wrapped <> ?",
                each.getKey(),
                each.getValue(),
                NONE);
          }
          return keys.size();
        });
  }

  /** Whether its texts are sealed. */
  public boolean isSealed() {
    return run(sql -> sql.hasTable("owner_key"));
  }

  /** What has an owner and is sealed; all that belongs to these goes with them. */
  private static List<String> owned(Sql sql) throws SQLException {
    return Owners.tables(sql).stream().filter(table -> !table.startsWith(Owners.PLAIN)).toList();
  }

  /** Owners of something whose key is not there. */
  public Set<String> ownersWithoutKey() {
    return run(
        sql -> {
          Set<String> owners = new TreeSet<>();
          for (String table : owned(sql)) {
            owners.addAll(
                sql.list(
                    row -> row.getString(1),
                    "SELECT DISTINCT owner FROM "
                        + table
                        + " WHERE owner NOT IN (SELECT owner FROM owner_key WHERE wrapped <> ?)",
                    NONE));
          }
          return owners;
        });
  }

  /** Removes what belongs to owners. */
  public void removeOwners(Set<String> owners) {
    run(
        sql -> {
          for (String table : owned(sql)) {
            for (String owner : owners) {
              sql.update("DELETE FROM " + table + " WHERE owner = ?", owner);
            }
          }
          return owners.size();
        });
  }

  /** Whether it says how far a journal has come. */
  public boolean knowsJournal(Path file) {
    return run(
        sql ->
            sql.hasTable("usage_written")
                && sql.first(
                        _ -> true,
                        "SELECT 1 FROM usage_written WHERE journal = ?",
                        JournalFiles.key(file))
                    .isPresent());
  }

  /** The ids of files that it knows. */
  public List<String> files() {
    return run(
        sql -> {
          List<String> ids =
              new ArrayList<>(sql.list(row -> row.getString(1), "SELECT id FROM file"));
          if (sql.hasTable("plain_file")) {
            ids.addAll(sql.list(row -> row.getString(1), "SELECT id FROM plain_file"));
          }
          return ids;
        });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw ServerTables.SCHEMA.failure(file, e);
    }
  }
}
