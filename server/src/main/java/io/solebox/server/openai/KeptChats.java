package io.solebox.server.openai;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.storage.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completions that were asked for with {@code store}, each for its owner alone. */
final class KeptChats {
  private static final String COLUMNS = "SELECT body, metadata, messages FROM chat_completion ";

  private final Database database;
  private final JsonWriter json;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  KeptChats(Database database, JsonWriter json) {
    this.database = database;
    this.json = json;
  }

  /**
   * One of them.
   *
   * @param body as it was answered, with its metadata
   * @param messages that it answers, each with an id
   */
  record Kept(Map<String, Object> body, List<Map<String, Object>> messages) {}

  /**
   * @param messages as templates take them
   * @param answer the body of the answer
   */
  void save(
      String owner,
      Map<String, Object> metadata,
      List<Map<String, Object>> messages,
      byte[] answer) {
    Map<String, Object> body = reader.readObject(answer);
    database.transaction(
        sql ->
            sql.update(
                "INSERT INTO chat_completion (id, owner, created, model, metadata, messages, body)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                body.get("id"),
                owner,
                body.get("created"),
                body.get("model"),
                json.text(metadata),
                json.text(messages),
                json.text(body)));
  }

  @SuppressWarnings("unchecked") // as it was written
  private Kept read(ResultSet row) throws SQLException {
    Map<String, Object> body = new LinkedHashMap<>(reader.readObject(utf8(row.getString("body"))));
    body.put("metadata", reader.readObject(utf8(row.getString("metadata"))));
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object message : (List<Object>) reader.read(utf8(row.getString("messages")))) {
      Map<String, Object> named = new LinkedHashMap<>();
      named.put("id", body.get("id") + "-" + messages.size());
      named.putAll((Map<String, Object>) message);
      messages.add(named);
    }
    return new Kept(body, messages);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** All of an owner, the oldest first. */
  List<Kept> all(String owner) {
    return database.read(
        sql -> sql.list(this::read, COLUMNS + "WHERE owner = ? ORDER BY created, rowid", owner));
  }

  Optional<Kept> find(String id, String owner) {
    return database.read(
        sql -> sql.first(this::read, COLUMNS + "WHERE id = ? AND owner = ?", id, owner));
  }

  void setMetadata(String id, String owner, Map<String, Object> metadata) {
    database.transaction(
        sql ->
            sql.update(
                "UPDATE chat_completion SET metadata = ? WHERE id = ? AND owner = ?",
                json.text(metadata),
                id,
                owner));
  }

  /** Deletes those that are older than that; returns how many. */
  int deleteBefore(long time) {
    return database.transaction(
        sql -> sql.update("DELETE FROM chat_completion WHERE created < ?", time));
  }

  boolean delete(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM chat_completion WHERE id = ? AND owner = ?", id, owner) > 0);
  }
}
