package io.solebox.server.knowledge.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.knowledge.store.Document.About;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/** The documents of collections. What is sealed of one belongs to the collection's owner. */
public final class DocumentStore {
  private static final String ALL =
      "SELECT knowledge_document.*, vector_store.owner AS owner FROM knowledge_document"
          + " JOIN vector_store ON vector_store.id = store ";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public DocumentStore(Vault vault) {
    this.vault = vault;
    this.database = vault.database();
  }

  /** Of which process it is that makes documents ready. */
  public boolean isOurs() {
    return database.leadership().isOurs();
  }

  /** What is to be added to a collection. */
  public record Wish(String file, About about) {}

  /**
   * Adds files to a collection, all of them or none. One that is there stays, with what is said of
   * it now; if it has failed, or is to be cut otherwise, it begins anew.
   *
   * @param batch with which they come
   */
  public List<Document> add(
      VectorStore store, List<Wish> wishes, Optional<String> batch, long now) {
    return database.transaction(
        sql -> {
          List<Document> added = new ArrayList<>();
          for (Wish wish : wishes) {
            Optional<Document> there = find(sql, store.id(), wish.file());
            added.add(
                there.isPresent()
                    ? again(sql, store, there.get(), wish, batch)
                    : insert(sql, store, wish, batch, now));
          }
          sql.update("UPDATE vector_store SET active = ? WHERE id = ?", now, store.id());
          return added;
        });
  }

  private Document insert(Sql sql, VectorStore store, Wish wish, Optional<String> batch, long now)
      throws SQLException {
    var document =
        new Document(
            Ids.of("doc"), store.id(), wish.file(), now, State.IN_PROGRESS, batch, wish.about());
    sql.update(
        "INSERT INTO knowledge_document (id, store, file, created, state, batch, version, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        document.id(),
        store.id(),
        document.file(),
        now,
        document.state().word(),
        batch.orElse(null),
        sealed(sql, store.owner(), document));
    return document;
  }

  private Document again(
      Sql sql, VectorStore store, Document there, Wish wish, Optional<String> batch)
      throws SQLException {
    boolean same =
        there.about().cut().equals(wish.about().cut())
            && (there.state() == State.COMPLETED || there.state() == State.IN_PROGRESS);
    Document now =
        same
            ? there.with(there.state(), there.about().withAttributes(wish.about().attributes()))
            : there.with(State.IN_PROGRESS, wish.about());
    write(sql, store.owner(), now);
    sql.update(
        "UPDATE knowledge_document SET batch = ? WHERE id = ?", batch.orElse(null), now.id());
    return now;
  }

  private byte[] sealed(Sql sql, String owner, Document document) throws SQLException {
    return vault
        .writing(sql, owner)
        .seal(
            Cells.knowledgeDocument(document.store(), document.id()),
            json.text(document.about().json()));
  }

  private void write(Sql sql, String owner, Document document) throws SQLException {
    sql.update(
        "UPDATE knowledge_document SET state = ?, body = ?, version = version + 1"
            + " WHERE id = ?",
        document.state().word(),
        sealed(sql, owner, document),
        document.id());
  }

  private Document read(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String store = row.getString("store");
    byte[] body =
        vault
            .reading(sql, row.getString("owner"))
            .openBytes(Cells.knowledgeDocument(store, id), row.getBytes("body"));
    return new Document(
        id,
        store,
        row.getString("file"),
        row.getLong("created"),
        State.of(row.getString("state")),
        Optional.ofNullable(row.getString("batch")),
        About.of(reader.readObject(body)));
  }

  public Optional<Document> find(String store, String file) {
    return database.read(sql -> find(sql, store, file));
  }

  private Optional<Document> find(Sql sql, String store, String file) throws SQLException {
    return sql.first(row -> read(sql, row), ALL + "WHERE store = ? AND file = ?", store, file);
  }

  /** By its own id. */
  public Optional<Document> byId(String id) {
    return database.read(
        sql -> sql.first(row -> read(sql, row), ALL + "WHERE knowledge_document.id = ?", id));
  }

  /** All of a collection, the oldest first. */
  public List<Document> all(String store) {
    return database.read(
        sql ->
            sql.list(
                row -> read(sql, row),
                ALL + "WHERE store = ? ORDER BY knowledge_document.created, knowledge_document.id",
                store));
  }

  /** How many of a collection are how far; all states are there. */
  public Map<State, Integer> counts(String store) {
    return counts("store", store);
  }

  /** The same of those that have come together. */
  public Map<State, Integer> countsOfBatch(String batch) {
    return counts("batch", batch);
  }

  private Map<State, Integer> counts(String column, String id) {
    Map<State, Integer> counts = new EnumMap<>(State.class);
    for (State state : State.values()) {
      counts.put(state, 0);
    }
    database.read(
        sql ->
            sql.list(
                row -> counts.put(State.of(row.getString(1)), row.getInt(2)),
                "SELECT state, COUNT(*) FROM knowledge_document WHERE "
                    + column
                    + " = ? GROUP BY state",
                id));
    return counts;
  }

  /** Which documents of a collection can be found, and in which version each is. */
  public Map<String, Long> versions(String store) {
    return database.read(
        sql -> {
          Map<String, Long> versions = new LinkedHashMap<>();
          sql.list(
              row -> versions.put(row.getString(1), row.getLong(2)),
              "SELECT id, version FROM knowledge_document"
                  + " WHERE store = ? AND state = 'completed' ORDER BY created, id",
              store);
          return versions;
        });
  }

  /** Another number than before where anybody has changed something since. */
  public long changes() {
    return database.changes();
  }

  /** Those that are to be made ready, the oldest first, with whom they belong to. */
  public List<Waiting> waiting() {
    return database.read(
        sql ->
            sql.list(
                row -> new Waiting(row.getString(1), row.getString(2)),
                "SELECT knowledge_document.id, owner FROM knowledge_document"
                    + " JOIN vector_store ON vector_store.id = store"
                    + " WHERE state = 'in_progress'"
                    + " ORDER BY knowledge_document.created, knowledge_document.id"));
  }

  /**
   * One that is to be made ready.
   *
   * @param owner of its collection
   */
  public record Waiting(String id, String owner) {}

  /**
   * Changes what is known of one as it is now, where it is still to be made ready.
   *
   * @return empty where somebody has taken it away or stopped it
   */
  public Optional<Document> progress(String id, UnaryOperator<Document> change) {
    return database.transaction(
        sql -> {
          Optional<Document> there =
              sql.first(
                  row -> read(sql, row),
                  ALL + "WHERE knowledge_document.id = ? AND state = 'in_progress'",
                  id);
          return there.isEmpty() ? there : Optional.of(changed(sql, there.get(), change));
        });
  }

  private Document changed(Sql sql, Document there, UnaryOperator<Document> change)
      throws SQLException {
    Document now = change.apply(there);
    write(sql, owner(sql, there.store()), now);
    return now;
  }

  private static String owner(Sql sql, String store) throws SQLException {
    return sql.first(row -> row.getString(1), "SELECT owner FROM vector_store WHERE id = ?", store)
        .orElseThrow();
  }

  /** Notes other attributes on one; empty where it is not there. */
  public Optional<Document> attributes(String store, String file, Map<String, Object> attributes) {
    return database.transaction(
        sql -> {
          Optional<Document> there = find(sql, store, file);
          return there.isEmpty()
              ? there
              : Optional.of(
                  changed(
                      sql,
                      there.get(),
                      its -> its.with(its.state(), its.about().withAttributes(attributes))));
        });
  }

  /** Stops those of a batch that are not ready yet. */
  public int cancel(String batch) {
    return database.transaction(
        sql ->
            sql.update(
                "UPDATE knowledge_document SET state = 'cancelled'"
                    + " WHERE batch = ? AND state = 'in_progress'",
                batch));
  }

  /** Takes one away with all that was made of it, and leaves its file; whether it was there. */
  public boolean delete(String store, String file) {
    return database.transaction(
        sql ->
            sql.update("DELETE FROM knowledge_document WHERE store = ? AND file = ?", store, file)
                > 0);
  }

  /** When the first of a batch came; empty where there is none. */
  public OptionalLong begun(String batch) {
    return database
        .read(
            sql ->
                sql.first(
                    row -> OptionalLong.of(row.getLong(1)),
                    "SELECT created FROM knowledge_document WHERE batch = ? ORDER BY created"
                        + " LIMIT 1",
                    batch))
        .orElse(OptionalLong.empty());
  }
}
