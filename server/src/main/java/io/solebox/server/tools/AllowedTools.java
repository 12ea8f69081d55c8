package io.solebox.server.tools;

import io.solebox.storage.Database;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The tools that an administrator has allowed, each as it was then. Without a database they are
 * remembered until the server ends. Safe for many threads.
 */
public final class AllowedTools {
  private final Optional<Database> database;
  private final Map<String, Allowed> unkept = new TreeMap<>(); // guarded by this

  public AllowedTools(Optional<Database> database) {
    this.database = database;
  }

  /**
   * One that is allowed.
   *
   * @param fingerprint of what it said then
   * @param audience for whom alone; empty for everybody
   */
  record Allowed(String fingerprint, Optional<Audience> audience) {}

  /** By their names. */
  synchronized Map<String, Allowed> all() {
    return database
        .map(
            d ->
                d.read(
                    sql -> {
                      Map<String, Allowed> all = new TreeMap<>();
                      sql.list(
                          row ->
                              all.put(
                                  row.getString(1),
                                  new Allowed(
                                      row.getString(2),
                                      Optional.ofNullable(row.getString(3)).map(Audience::of))),
                          "SELECT name, fingerprint, audience FROM tool_allowed");
                      return all;
                    }))
        .orElseGet(() -> new TreeMap<>(unkept));
  }

  /** For everybody. */
  void allow(ToolSpec spec, long now) {
    put(spec, new Allowed(spec.fingerprint(), Optional.empty()), now);
  }

  /** For some alone. */
  void allow(ToolSpec spec, Audience audience, long now) {
    put(spec, new Allowed(spec.fingerprint(), Optional.of(audience)), now);
  }

  /**
   * @param now milliseconds since 1970
   */
  private synchronized void put(ToolSpec spec, Allowed allowed, long now) {
    if (database.isEmpty()) {
      unkept.put(spec.name(), allowed);
      return;
    }
    database
        .get()
        .transaction(
            sql ->
                sql.update(
                    "INSERT INTO tool_allowed (name, fingerprint, created, audience)"
                        + " VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint,"
                        + " created = excluded.created, audience = excluded.audience",
                    spec.name(),
                    allowed.fingerprint(),
                    now,
                    allowed.audience().map(Audience::lines).orElse(null)));
  }

  synchronized void forbid(String name) {
    unkept.remove(name);
    database.ifPresent(
        d -> d.transaction(sql -> sql.update("DELETE FROM tool_allowed WHERE name = ?", name)));
  }
}
