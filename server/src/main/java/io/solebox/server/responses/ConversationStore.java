package io.solebox.server.responses;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Database;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conversations that are kept, each for its owner alone. */
final class ConversationStore {
  private final Vault vault;
  private final Database database;
  private final JsonWriter json;
  private final Clock clock;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  ConversationStore(Vault vault, JsonWriter json, Clock clock) {
    this.vault = vault;
    this.database = vault.database();
    this.json = json;
    this.clock = clock;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /** Makes a conversation and returns it. */
  Map<String, Object> create(
      String owner, Map<String, Object> metadata, List<Map<String, Object>> items) {
    String id = Ids.of("conv");
    return database.transaction(
        sql -> {
          sql.update(
              "INSERT INTO conversation (id, owner, created, used, metadata) VALUES (?, ?, ?, ?,"
                  + " ?)",
              id,
              HandOver.owner(sql, owner),
              now(),
              now(),
              vault.writing(sql, owner).seal(Cells.conversation(id), json.text(metadata)));
          append(sql, id, owner, items);
          return body(id, now(), metadata);
        });
  }

  Optional<Map<String, Object>> find(String id, String owner) {
    return database.read(sql -> found(sql, id, owner));
  }

  /** Whether it is there. */
  boolean has(Sql sql, String id, String owner) throws SQLException {
    return sql.first(
            _ -> true,
            "SELECT 1 FROM conversation WHERE id = ? AND owner = ?",
            id,
            HandOver.owner(sql, owner))
        .isPresent();
  }

  private Optional<Map<String, Object>> found(Sql sql, String id, String owner)
      throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.first(
        row ->
            body(
                id,
                row.getLong(1),
                reader.readObject(texts.openBytes(Cells.conversation(id), row.getBytes(2)))),
        "SELECT created, metadata FROM conversation WHERE id = ? AND owner = ?",
        id,
        owner);
  }

  private void require(Sql sql, String id, String owner) throws SQLException {
    if (!has(sql, id, owner)) {
      throw Stored.notFound("conversation", id);
    }
  }

  private static Map<String, Object> body(String id, long created, Map<String, Object> metadata) {
    return ResponseBody.ordered(
        "id", id, "object", "conversation", "created_at", created, "metadata", metadata);
  }

  boolean setMetadata(String id, String owner, Map<String, Object> metadata) {
    return database.transaction(
        sql ->
            sql.update(
                    "UPDATE conversation SET metadata = ? WHERE id = ? AND owner = ?",
                    vault.writing(sql, owner).seal(Cells.conversation(id), json.text(metadata)),
                    id,
                    owner)
                > 0);
  }

  boolean delete(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM conversation WHERE id = ? AND owner = ?", id, owner) > 0);
  }

  /**
   * The items of a conversation, the oldest first.
   *
   * @throws io.solebox.server.http.Problem 404
   */
  List<Map<String, Object>> items(String id, String owner) {
    return database.read(
        sql -> {
          require(sql, id, owner);
          return all(sql, id, owner);
        });
  }

  /**
   * @throws io.solebox.server.http.Problem 404
   */
  void add(String id, String owner, List<Map<String, Object>> items) {
    database.transaction(
        sql -> {
          require(sql, id, owner);
          append(sql, id, owner, items);
          return items.size();
        });
  }

  boolean deleteItem(String conversation, String item) {
    return database.transaction(
        sql ->
            sql.update(
                    "DELETE FROM conversation_item WHERE conversation = ? AND id = ?",
                    conversation,
                    item)
                > 0);
  }

  private List<Map<String, Object>> all(Sql sql, String conversation, String owner)
      throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.list(
        row ->
            reader.readObject(
                texts.openBytes(
                    Cells.conversationItem(conversation, row.getLong(1), row.getString(2)),
                    row.getBytes(3))),
        "SELECT position, id, body FROM conversation_item WHERE conversation = ? ORDER BY position",
        conversation);
  }

  /**
   * Adds items inside a transaction.
   *
   * @throws io.solebox.server.http.Problem 400 if it has one of them already
   */
  void append(Sql sql, String conversation, String owner, List<Map<String, Object>> items)
      throws SQLException {
    OwnerTexts texts = vault.writing(sql, owner);
    int next =
        sql.first(
                row -> row.getInt(1),
                "SELECT COALESCE(MAX(position), -1) + 1 FROM conversation_item"
                    + " WHERE conversation = ?",
                conversation)
            .orElseThrow();
    for (int i = 0; i < items.size(); i++) {
      String id = (String) items.get(i).get("id");
      int added =
          sql.update(
              "INSERT INTO conversation_item (conversation, position, id, body)"
                  + " VALUES (?, ?, ?, ?) ON CONFLICT (conversation, id) DO NOTHING",
              conversation,
              next + i,
              id,
              texts.seal(
                  Cells.conversationItem(conversation, next + i, id), json.text(items.get(i))));
      if (added == 0) {
        throw ItemReader.notNew("items", i);
      }
    }
    sql.update("UPDATE conversation SET used = ? WHERE id = ?", now(), conversation);
  }

  /** An item of any of them, as JSON. */
  Optional<String> findItem(Sql sql, String id, String owner) throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.first(
        row ->
            texts.open(
                Cells.conversationItem(row.getString(1), row.getLong(2), id), row.getBytes(3)),
        "SELECT conversation, position, body FROM conversation_item"
            + " JOIN conversation ON conversation = conversation.id"
            + " WHERE conversation_item.id = ? AND owner = ? LIMIT 1",
        id,
        owner);
  }

  /** Deletes those that nobody has used since; returns how many. */
  int deleteBefore(String owner, long time) {
    return database.transaction(
        sql -> sql.update("DELETE FROM conversation WHERE owner = ? AND used < ?", owner, time));
  }
}
