package io.solebox.storage;

/**
 * What databases say each in words of their own. Everything else is said as SQLite and PostgreSQL
 * both understand it: {@code INSERT ... ON CONFLICT}, values as parameters, bytes as {@code BLOB}
 * here and {@code BYTEA} there, and {@code rowid} for the order in which rows came, which SQLite
 * has in every table and another database gets as a column.
 */
interface Dialect {
  /** The one that there is. */
  Dialect SQLITE =
      new Dialect() {
        @Override
        public String tables() {
          return "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        }

        @Override
        public String columns() {
          return "SELECT name FROM pragma_table_info(?)";
        }

        @Override
        public String deferReferences() {
          return "PRAGMA defer_foreign_keys = ON";
        }
      };

  /** A query of the names of all tables, in their order. */
  String tables();

  /** A query of the names of the columns of a table, which is its value. */
  String columns();

  /** A statement for the transaction alone: rows may name others until it ends that are gone. */
  String deferReferences();
}
