package io.solebox.server.knowledge.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.knowledge.store.VectorStore.About;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Database;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The collections of everybody, and who may use them. */
public final class VectorStores {
  /** In place of one reader: whoever is let in by this server. */
  public static final String EVERYONE = "*";

  /** So often it is noted that a collection is in use, at most. */
  private static final long TOUCH_SECONDS = 60;

  private static final String COLUMNS = "vector_store.id, owner, created, active, body";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public VectorStores(Vault vault) {
    this.vault = vault;
    this.database = vault.database();
  }

  /** A collection as somebody sees it. */
  public record Seen(VectorStore store, Access access) {}

  /** Makes one. */
  public VectorStore create(String owner, About about, long now) {
    return database.transaction(
        sql -> {
          String id = Ids.of("vs");
          String whose = HandOver.owner(sql, owner);
          sql.update(
              "INSERT INTO vector_store (id, owner, created, active, body) VALUES (?, ?, ?, ?, ?)",
              id,
              whose,
              now,
              now,
              sealed(sql, id, whose, about));
          return new VectorStore(id, whose, now, now, about);
        });
  }

  private byte[] sealed(Sql sql, String id, String owner, About about) throws SQLException {
    return vault.writing(sql, owner).seal(Cells.vectorStore(id), json.text(about.json()));
  }

  private VectorStore read(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String owner = row.getString("owner");
    byte[] body = vault.reading(sql, owner).openBytes(Cells.vectorStore(id), row.getBytes("body"));
    return new VectorStore(
        id,
        owner,
        row.getLong("created"),
        row.getLong("active"),
        About.of(reader.readObject(body)));
  }

  /** A collection, whoever may use it. */
  public Optional<VectorStore> find(String id) {
    return database.read(sql -> find(sql, id));
  }

  Optional<VectorStore> find(Sql sql, String id) throws SQLException {
    return sql.first(
        row -> read(sql, row), "SELECT " + COLUMNS + " FROM vector_store WHERE id = ?", id);
  }

  /** A collection as somebody may use it; empty where it is not there for them. */
  public Optional<Seen> find(String id, String who) {
    return database.read(
        sql -> {
          Optional<VectorStore> store = find(sql, id);
          Optional<Access> access =
              store.isEmpty() ? Optional.empty() : access(sql, store.get(), who);
          return access.map(its -> new Seen(store.get(), its));
        });
  }

  private static Optional<Access> access(Sql sql, VectorStore store, String who)
      throws SQLException {
    if (store.owner().equals(who)) {
      return Optional.of(Access.OWNER);
    }
    return sql.first(
        row -> row.getInt(1) == 1 ? Access.WRITE : Access.READ,
        "SELECT MAX(writes) FROM vector_store_reader WHERE store = ? AND reader IN (?, ?)"
            + " HAVING COUNT(*) > 0",
        store.id(),
        who,
        EVERYONE);
  }

  /** All that somebody may use, the oldest first. */
  public List<Seen> all(String who) {
    return database.read(
        sql -> {
          List<VectorStore> stores =
              sql.list(
                  row -> read(sql, row),
                  "SELECT "
                      + COLUMNS
                      + " FROM vector_store WHERE owner = ? OR id IN (SELECT store FROM"
                      + " vector_store_reader WHERE reader IN (?, ?)) ORDER BY created, id",
                  who,
                  who,
                  EVERYONE);
          List<Seen> seen = new ArrayList<>();
          for (VectorStore store : stores) {
            access(sql, store, who).ifPresent(access -> seen.add(new Seen(store, access)));
          }
          return seen;
        });
  }

  /** Those that belong to somebody, the oldest first. */
  public List<VectorStore> of(String owner) {
    return database.read(
        sql ->
            sql.list(
                row -> read(sql, row),
                "SELECT " + COLUMNS + " FROM vector_store WHERE owner = ? ORDER BY created, id",
                owner));
  }

  /** Whose things of this machine itself are: somebody's, once there are accounts. */
  public String ownerHere() {
    return database.read(sql -> HandOver.owner(sql, Owners.HERE));
  }

  /** Says something else of it. */
  public Optional<VectorStore> change(String id, About about, long now) {
    return database.transaction(
        sql -> {
          Optional<VectorStore> store = find(sql, id);
          if (store.isPresent()) {
            sql.update(
                "UPDATE vector_store SET body = ?, active = ? WHERE id = ?",
                sealed(sql, id, store.get().owner(), about),
                now,
                id);
          }
          return find(sql, id);
        });
  }

  /** Notes that it is in use. */
  public void touch(VectorStore store, long now) {
    if (now - store.active() >= TOUCH_SECONDS) {
      database.transaction(
          sql ->
              sql.update(
                  "UPDATE vector_store SET active = ? WHERE id = ? AND active < ?",
                  now,
                  store.id(),
                  now));
    }
  }

  /** Deletes it with all that was made of its documents; returns whether it was there. */
  public boolean delete(String id) {
    return database.transaction(sql -> sql.update("DELETE FROM vector_store WHERE id = ?", id) > 0);
  }

  /**
   * Deletes those that nobody has used for long enough: for as long as is said of them, or as
   * whatever an owner has is kept.
   *
   * @return how many
   */
  public int expire(Deadlines deadlines, long now) {
    int idle = 0;
    for (VectorStore store : all()) {
      boolean over = store.expires().isPresent() && store.expires().getAsLong() <= now;
      idle += over && delete(store.id()) ? 1 : 0;
    }
    return idle
        + Owners.expire(
            database,
            "vector_store",
            deadlines,
            (owner, before) ->
                database.transaction(
                    sql ->
                        sql.update(
                            "DELETE FROM vector_store WHERE owner = ? AND active < ?",
                            owner,
                            before)));
  }

  private List<VectorStore> all() {
    return database.read(
        sql -> sql.list(row -> read(sql, row), "SELECT " + COLUMNS + " FROM vector_store"));
  }

  /** Who else may use a collection, and how. */
  public Map<String, Access> readers(String id) {
    return database.read(
        sql -> {
          Map<String, Access> readers = new LinkedHashMap<>();
          sql.list(
              row -> readers.put(row.getString(1), row.getInt(2) == 1 ? Access.WRITE : Access.READ),
              "SELECT reader, writes FROM vector_store_reader WHERE store = ? ORDER BY reader",
              id);
          return readers;
        });
  }

  /** From now on these may use it, and nobody else but its owner. */
  public void share(String id, Map<String, Access> readers) {
    database.transaction(
        sql -> {
          sql.update("DELETE FROM vector_store_reader WHERE store = ?", id);
          for (Map.Entry<String, Access> each : readers.entrySet()) {
            sql.update(
                "INSERT INTO vector_store_reader (store, reader, writes)"
                    + " SELECT id, ?, ? FROM vector_store WHERE id = ?",
                each.getKey(),
                each.getValue().covers(Access.WRITE) ? 1 : 0,
                id);
          }
          return readers.size();
        });
  }

  /** Somebody is gone, and reads nothing any more. */
  static void forget(Sql sql, String who) throws SQLException {
    sql.update("DELETE FROM vector_store_reader WHERE reader = ?", who);
  }
}
