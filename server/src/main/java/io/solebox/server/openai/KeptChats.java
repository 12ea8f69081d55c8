package io.solebox.server.openai;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completions that were asked for with {@code store}, each for its owner alone. */
final class KeptChats {
  private static final String METADATA = "metadata";
  private static final String MESSAGES = "messages";
  private static final String BODY = "body";
  private static final String COLUMNS = "SELECT id, body, metadata, messages FROM chat_completion ";

  private final Vault vault;
  private final Database database;
  private final JsonWriter json;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  KeptChats(Vault vault, JsonWriter json) {
    this.vault = vault;
    this.database = vault.database();
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
    String id = (String) body.get("id");
    database.transaction(
        sql -> {
          OwnerTexts texts = vault.writing(sql, owner);
          return sql.update(
              "INSERT INTO chat_completion (id, owner, created, model, metadata, messages, body)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?)",
              id,
              HandOver.owner(sql, owner),
              body.get("created"),
              body.get("model"),
              texts.seal(Cells.chat(id, METADATA), json.text(metadata)),
              texts.seal(Cells.chat(id, MESSAGES), json.text(messages)),
              texts.seal(Cells.chat(id, BODY), json.text(body)));
        });
  }

  @SuppressWarnings("unchecked") // as it was written
  private Kept read(OwnerTexts texts, ResultSet row) throws SQLException {
    Map<String, Object> body = new LinkedHashMap<>(reader.readObject(text(texts, row, BODY)));
    body.put("metadata", reader.readObject(text(texts, row, METADATA)));
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object message : (List<Object>) reader.read(text(texts, row, MESSAGES))) {
      Map<String, Object> named = new LinkedHashMap<>();
      named.put("id", body.get("id") + "-" + messages.size());
      named.putAll((Map<String, Object>) message);
      messages.add(named);
    }
    return new Kept(body, messages);
  }

  private static byte[] text(OwnerTexts texts, ResultSet row, String column) throws SQLException {
    return texts.openBytes(Cells.chat(row.getString("id"), column), row.getBytes(column));
  }

  /** All of an owner, the oldest first. */
  List<Kept> all(String owner) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.list(
              row -> read(texts, row), COLUMNS + "WHERE owner = ? ORDER BY created, rowid", owner);
        });
  }

  Optional<Kept> find(String id, String owner) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.first(
              row -> read(texts, row), COLUMNS + "WHERE id = ? AND owner = ?", id, owner);
        });
  }

  void setMetadata(String id, String owner, Map<String, Object> metadata) {
    database.transaction(
        sql ->
            sql.update(
                "UPDATE chat_completion SET metadata = ? WHERE id = ? AND owner = ?",
                vault.writing(sql, owner).seal(Cells.chat(id, METADATA), json.text(metadata)),
                id,
                owner));
  }

  /** Deletes those that are older than that; returns how many. */
  int deleteBefore(String owner, long time) {
    return database.transaction(
        sql ->
            sql.update("DELETE FROM chat_completion WHERE owner = ? AND created < ?", owner, time));
  }

  /** Deletes what was kept for long enough; returns how many. */
  int expire(Deadlines deadlines) {
    return Owners.expire(database, "chat_completion", deadlines, this::deleteBefore);
  }

  /** Whether anything of this owner is kept. */
  boolean keeps(String owner) {
    return vault.keeps(owner);
  }

  boolean delete(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM chat_completion WHERE id = ? AND owner = ?", id, owner) > 0);
  }
}
