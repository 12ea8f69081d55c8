package io.solebox.server.usage;

import io.solebox.server.storage.ServerTables;
import io.solebox.server.storage.StateFile;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.util.List;

/** The usage in the folder of a box, for whoever reads it there; a server may run meanwhile. */
public final class StoredUsage implements AutoCloseable {
  private final Database database;

  private StoredUsage(Database database) {
    this.database = database;
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR} where there is nothing, or it
   *     cannot be read
   */
  public static StoredUsage open(Path folder) {
    Path file = folder.resolve("server.db");
    StateFile.open(file).close(); // it is not made here
    return new StoredUsage(ServerTables.open(file));
  }

  /** As far as it is in the table: a server brings it there every second. */
  public List<UsageRow> sums(UsageQuery query) {
    return database.read(sql -> UsageTables.sums(sql, query));
  }

  /** What people call those who are charged. */
  public UsageNames names() {
    return database.read(UsageTables::names);
  }

  @Override
  public void close() {
    database.close();
  }
}
