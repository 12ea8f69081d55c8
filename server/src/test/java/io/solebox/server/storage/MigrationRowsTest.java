package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * From every version behind those of {@link OldState}: a row of each table that there was is there
 * with all its values when the database was brought up to date.
 */
class MigrationRowsTest {
  /** Made anew of what responses hold, when these are sealed. */
  private static final String DERIVED = "response_item";

  @TempDir private Path folder;

  static IntStream versions() {
    return IntStream.range(OldState.LAST_PLAIN + 1, ServerTables.SCHEMA.latest());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyRowIsKept(int version) throws SQLException {
    Path file = folder.resolve("server.db");
    Map<String, List<String>> before = new TreeMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Sql sql = new Sql(connection);
      sql.first(row -> row.getString(1), "PRAGMA journal_mode = WAL");
      connection.setAutoCommit(false);
      ServerTables.SCHEMA.run(sql, file, version);
      for (String table : tables(sql)) {
        List<String> names = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        sql.list(
            row -> {
              names.add(row.getString(1));
              values.add(
                  switch (row.getString(2)) {
                    case "INTEGER" -> (Object) 1;
                    case "BLOB" -> new byte[] {7};
                    default -> "x"; // also of what it names, which is another row of this
                  });
              return names.size();
            },
            "SELECT name, type FROM pragma_table_info(?)",
            table);
        String places = "?, ".repeat(names.size() - 1) + "?";
        sql.update("INSERT INTO " + table + " VALUES (" + places + ")", values.toArray());
        before.put(table, names);
      }
      connection.commit();
    }
    assertTrue(before.containsKey("audit"), before::toString);
    before.remove(DERIVED);
    try (Database database = ServerTables.open(file)) {
      for (Map.Entry<String, List<String>> each : before.entrySet()) {
        String table = each.getKey();
        long kept =
            database.read(
                sql -> {
                  List<String> now = tables(sql);
                  boolean moved = now.contains(table); // only what is empty is listed there
                  return sql.first(
                          row -> row.getLong(1),
                          "SELECT COUNT(*) FROM "
                              + (moved ? Owners.PLAIN + table : table)
                              + " WHERE "
                              + String.join(
                                  " AND ",
                                  each.getValue().stream()
                                      .map(name -> name + " IN (1, 'x', x'07')")
                                      .toList()))
                      .orElseThrow();
                });
        assertEquals(1, kept, table);
      }
    }
  }

  /** Those without a row. */
  private static List<String> tables(Sql sql) throws SQLException {
    List<String> empty = new ArrayList<>();
    for (String table :
        sql.list(
            row -> row.getString(1),
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")) {
      if (sql.first(_ -> true, "SELECT 1 FROM " + table + " LIMIT 1").isEmpty()) {
        empty.add(table);
      }
    }
    return empty;
  }
}
