/** What programs of Solebox remember: databases in files, and their tables as they grew. */
module io.solebox.storage {
  exports io.solebox.storage;

  requires transitive java.sql;
  requires io.solebox.engine;
  requires org.xerial.sqlitejdbc;
}
