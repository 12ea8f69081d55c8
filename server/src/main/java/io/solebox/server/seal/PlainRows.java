package io.solebox.server.seal;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.storage.Sql;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Seals what was kept before anything was sealed: rows of the tables that a migration has renamed,
 * each in the transaction that takes it out of there, so that it can be gone on with whenever it
 * was broken off. A row that others belong to stays until they have gone.
 */
final class PlainRows {
  private final Vault vault;
  private final PlainFiles files;
  private final PlainTables tables;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  PlainRows(Vault vault, Path folder, PrintStream log) {
    this.vault = vault;
    this.files = new PlainFiles(vault, folder);
    this.tables = new PlainTables(vault.database(), log);
  }

  /** Does what is left to be done, or waits until another server has done it. */
  void seal() {
    tables.whereThere(
        () -> {
          tables.each("plain_chat_completion", this::chat);
          tables.each("plain_conversation", this::conversation);
          tables.each("plain_conversation_item", this::conversationItem);
          tables.each("plain_response", this::response);
          tables.each("plain_response_event", this::event);
          tables.each("plain_batch", this::batch);
          tables.each("plain_batch_line", this::line);
          files.seal(tables);
        });
  }

  private static long gone(Sql sql, String table, ResultSet row, long bytes) throws SQLException {
    sql.update("DELETE FROM " + table + " WHERE rowid = ?", row.getLong("place"));
    return bytes;
  }

  private long chat(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String owner = row.getString("owner");
    OwnerTexts texts = vault.writing(sql, owner);
    String body = row.getString("body");
    String messages = row.getString("messages");
    sql.update(
        "INSERT INTO chat_completion (id, owner, created, model, metadata, messages, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        id,
        owner,
        row.getLong("created"),
        row.getString("model"),
        texts.seal(Cells.chat(id, "metadata"), row.getString("metadata")),
        texts.seal(Cells.chat(id, "messages"), messages),
        texts.seal(Cells.chat(id, "body"), body));
    return gone(sql, "plain_chat_completion", row, body.length() + messages.length());
  }

  private long conversation(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String owner = row.getString("owner");
    String metadata = row.getString("metadata");
    sql.update(
        "INSERT INTO conversation (id, owner, created, used, metadata)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        id,
        owner,
        row.getLong("created"),
        row.getLong("used"),
        vault.writing(sql, owner).seal(Cells.conversation(id), metadata));
    return metadata.length();
  }

  private long conversationItem(Sql sql, ResultSet row) throws SQLException {
    String conversation = row.getString("conversation");
    String id = row.getString("id");
    long position = row.getLong("position");
    String body = row.getString("body");
    sql.update(
        "INSERT INTO conversation_item (conversation, position, id, body) VALUES (?, ?, ?, ?)",
        conversation,
        position,
        id,
        textsOf(sql, "conversation", conversation)
            .seal(Cells.conversationItem(conversation, position, id), body));
    return gone(sql, "plain_conversation_item", row, body.length());
  }

  private OwnerTexts textsOf(Sql sql, String table, String id) throws SQLException {
    String owner =
        sql.first(r -> r.getString(1), "SELECT owner FROM " + table + " WHERE id = ?", id)
            .orElseThrow();
    return vault.writing(sql, owner);
  }

  /** Its items become rows of their own, so that one can be opened without the others. */
  private long response(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String owner = row.getString("owner");
    String text = row.getString("body");
    String input = row.getString("input");
    OwnerTexts texts = vault.writing(sql, owner);
    Map<String, Object> body = new LinkedHashMap<>(reader.readObject(utf8(text)));
    List<?> output =
        Optional.ofNullable((List<?>) body.replace("output", List.of())).orElse(List.of());
    int added =
        sql.update(
            "INSERT INTO response"
                + " (id, owner, created, status, previous, conversation, body)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            id,
            owner,
            row.getLong("created"),
            row.getString("status"),
            row.getString("previous"),
            row.getString("conversation"),
            texts.seal(Cells.response(id), json.text(body)));
    if (added > 0) { // else it was before this was broken off
      items(sql, texts, id, "input", (List<?>) reader.read(utf8(input)));
      items(sql, texts, id, "output", output);
    }
    return text.length() + input.length();
  }

  private void items(Sql sql, OwnerTexts texts, String response, String side, List<?> items)
      throws SQLException {
    for (int i = 0; i < items.size(); i++) {
      @SuppressWarnings("unchecked") // as it was written
      Map<String, Object> item = (Map<String, Object>) items.get(i);
      sql.update(
          "INSERT INTO response_item (response, side, position, id, body) VALUES (?, ?, ?, ?, ?)",
          response,
          side,
          i,
          item.get("id") instanceof String id ? id : null,
          texts.seal(Cells.responseItem(response, side, i), json.text(item)));
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long event(Sql sql, ResultSet row) throws SQLException {
    String response = row.getString("response");
    long sequence = row.getLong("sequence");
    String type = row.getString("type");
    String body = row.getString("body");
    sql.update(
        "INSERT INTO response_event (response, sequence, created, type, body)"
            + " VALUES (?, ?, ?, ?, ?)",
        response,
        sequence,
        row.getLong("created"),
        type,
        textsOf(sql, "response", response)
            .seal(Cells.responseEvent(response, sequence, type), body));
    return gone(sql, "plain_response_event", row, body.length());
  }

  private long batch(Sql sql, ResultSet row) throws SQLException {
    String id = row.getString("id");
    String owner = row.getString("owner");
    String body = row.getString("body");
    sql.update(
        "INSERT INTO batch"
            + " (id, owner, created, status, endpoint, input_file, total, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        id,
        owner,
        row.getLong("created"),
        row.getString("status"),
        row.getString("endpoint"),
        row.getString("input_file"),
        row.getLong("total"),
        vault.writing(sql, owner).seal(Cells.batch(id), body));
    return body.length();
  }

  private long line(Sql sql, ResultSet row) throws SQLException {
    String batch = row.getString("batch");
    long line = row.getLong("line");
    boolean failed = row.getLong("failed") != 0;
    String body = row.getString("body");
    sql.update(
        "INSERT INTO batch_line (batch, line, failed, body) VALUES (?, ?, ?, ?)",
        batch,
        line,
        failed ? 1 : 0,
        textsOf(sql, "batch", batch).seal(Cells.batchLine(batch, line, failed), body));
    return gone(sql, "plain_batch_line", row, body.length());
  }
}
