package io.solebox.server.tools;

import io.solebox.server.storage.Database;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tools that an administrator has allowed, each as it was then. Without a database they are
 * remembered until the server ends. Safe for many threads.
 */
public final class AllowedTools {
  private final Optional<Database> database;
  private final Map<String, String> unkept = new TreeMap<>(); // guarded by this

  public AllowedTools(Optional<Database> database) {
    this.database = database;
  }

  /** Fingerprints by names. */
  synchronized Map<String, String> all() {
    return database
        .map(
            d ->
                d.read(
                    sql -> {
                      Map<String, String> all = new TreeMap<>();
                      sql.list(
                          row -> all.put(row.getString(1), row.getString(2)),
                          "SELECT name, fingerprint FROM tool_allowed");
                      return all;
                    }))
        .orElseGet(() -> new TreeMap<>(unkept));
  }

  /**
   * @param now milliseconds since 1970
   */
  synchronized void allow(ToolSpec spec, long now) {
    if (database.isEmpty()) {
      unkept.put(spec.name(), spec.fingerprint());
      return;
    }
    database
        .get()
        .transaction(
            sql ->
                sql.update(
                    "INSERT INTO tool_allowed (name, fingerprint, created) VALUES (?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint,"
                        + " created = excluded.created",
                    spec.name(),
                    spec.fingerprint(),
                    now));
  }

  synchronized void forbid(String name) {
    unkept.remove(name);
    database.ifPresent(
        d -> d.transaction(sql -> sql.update("DELETE FROM tool_allowed WHERE name = ?", name)));
  }
}
