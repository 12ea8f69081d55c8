package io.solebox.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Statements in one transaction, as {@link Dialect} says. Values are strings, whole numbers, bytes,
 * or null.
 */
public final class Sql {
  private final Connection connection;
  private final Dialect dialect;

  /** Those of SQLite. */
  public Sql(Connection connection) {
    this(connection, Dialect.SQLITE);
  }

  Sql(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** Makes something of one row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  /** Runs a statement and returns how many rows it changed. */
  public int update(String statement, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepare(statement, values)) {
      return prepared.executeUpdate();
    }
  }

  /** All rows of a query. */
  public <T> List<T> list(RowReader<T> reader, String query, Object... values) throws SQLException {
    try (PreparedStatement prepared = prepare(query, values);
        ResultSet rows = prepared.executeQuery()) {
      List<T> list = new ArrayList<>();
      while (rows.next()) {
        list.add(reader.read(rows));
      }
      return list;
    }
  }

  /** The first row of a query. */
  public <T> Optional<T> first(RowReader<T> reader, String query, Object... values)
      throws SQLException {
    return list(reader, query, values).stream().findFirst();
  }

  /** The names of the tables that have a column of this name, in their order. */
  public List<String> tablesWith(String column) throws SQLException {
    List<String> found = new ArrayList<>();
    for (String table : list(row -> row.getString(1), dialect.tables())) {
      if (hasColumn(table, column)) {
        found.add(table);
      }
    }
    return found;
  }

  public boolean hasTable(String name) throws SQLException {
    return list(row -> row.getString(1), dialect.tables()).contains(name);
  }

  boolean hasColumn(String table, String column) throws SQLException {
    return list(row -> row.getString(1), dialect.columns(), table).contains(column);
  }

  /** Lets rows name others that are gone until the transaction ends, where that must hold again. */
  public void deferReferences() throws SQLException {
    update(dialect.deferReferences());
  }

  private PreparedStatement prepare(String statement, Object... values) throws SQLException {
    PreparedStatement prepared = connection.prepareStatement(statement);
    for (int i = 0; i < values.length; i++) {
      prepared.setObject(i + 1, values[i]);
    }
    return prepared;
  }
}
