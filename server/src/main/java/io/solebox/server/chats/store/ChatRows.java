package io.solebox.server.chats.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The rows of chats without their messages, in transactions of others. */
final class ChatRows {
  private static final String SELECT =
      "SELECT chat.id, created, updated, archived, pinned, folder, current, body FROM chat ";

  private final Vault vault;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  ChatRows(Vault vault) {
    this.vault = vault;
  }

  /** What is sealed of a chat, in one piece. */
  private String body(Chat chat) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("title", chat.title());
    body.put("titled", chat.titled().name());
    body.put("model", chat.model().orElse(null));
    body.put("settings", chat.settings());
    return json.text(body);
  }

  /** Writes one that is new. */
  void insert(Sql sql, String owner, Chat chat) throws SQLException {
    OwnerTexts texts = vault.writing(sql, owner);
    sql.update(
        "INSERT INTO chat (id, owner, created, updated, archived, pinned, current, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        chat.id(),
        owner,
        chat.created(),
        chat.updated(),
        chat.archived() ? 1 : 0,
        chat.pinned() ? 1 : 0,
        chat.current().orElse(null),
        texts.seal(Cells.pageChat(chat.id()), body(chat)));
    label(sql, owner, Chat.empty(chat.id(), chat.created(), false), chat);
  }

  /** Writes what has changed. */
  void update(Sql sql, String owner, Chat before, Chat chat) throws SQLException {
    OwnerTexts texts = vault.writing(sql, owner);
    sql.update(
        "UPDATE chat SET updated = ?, archived = ?, pinned = ?, current = ?, body = ?"
            + " WHERE id = ?",
        chat.updated(),
        chat.archived() ? 1 : 0,
        chat.pinned() ? 1 : 0,
        chat.current().orElse(null),
        texts.seal(Cells.pageChat(chat.id()), body(chat)),
        chat.id());
    label(sql, owner, before, chat);
  }

  private void label(Sql sql, String owner, Chat before, Chat chat) throws SQLException {
    if (before.folder().equals(chat.folder()) && before.tags().equals(chat.tags())) {
      return;
    }
    Labels labels = new Labels(sql, vault.writing(sql, owner), owner);
    String folder =
        chat.folder().isEmpty() ? null : labels.findOrMake(Label.FOLDER, chat.folder().get());
    sql.update("UPDATE chat SET folder = ? WHERE id = ?", folder, chat.id());
    sql.update("DELETE FROM chat_tag WHERE chat = ?", chat.id());
    for (String tag : chat.tags()) {
      sql.update(
          "INSERT INTO chat_tag (chat, label) VALUES (?, ?) ON CONFLICT DO NOTHING",
          chat.id(),
          labels.findOrMake(Label.TAG, tag));
    }
    Labels.forgetUnused(sql, owner);
  }

  Optional<Chat> find(Sql sql, String owner, String id) throws SQLException {
    return read(sql, owner, SELECT + "WHERE chat.id = ? AND owner = ?", List.of(id, owner)).stream()
        .findFirst();
  }

  /** As {@link ChatStore#list}. */
  List<Chat> list(Sql sql, String owner, ChatFilter filter, int limit) throws SQLException {
    Labels labels = new Labels(sql, vault.reading(sql, owner), owner);
    StringBuilder query = new StringBuilder(SELECT);
    List<Object> values = new ArrayList<>();
    if (filter.tag().isPresent()) {
      Optional<String> tag = labels.find(Label.TAG, filter.tag().get());
      if (tag.isEmpty()) {
        return List.of();
      }
      query.append("JOIN chat_tag ON chat_tag.chat = chat.id AND label = ? ");
      values.add(tag.get());
    }
    query.append("WHERE owner = ? AND archived = ?");
    values.add(owner);
    values.add(filter.archived() ? 1 : 0);
    if (filter.pinned()) {
      query.append(" AND pinned = 1");
    }
    if (filter.folder().isPresent()) {
      Optional<String> folder = labels.find(Label.FOLDER, filter.folder().get());
      if (folder.isEmpty()) {
        return List.of();
      }
      query.append(" AND folder = ?");
      values.add(folder.get());
    }
    if (filter.after().isPresent()) {
      query.append(
          " AND (updated, chat.id) < (SELECT updated, id FROM chat WHERE id = ? AND owner = ?)");
      values.add(filter.after().get());
      values.add(owner);
    }
    query.append(" ORDER BY updated DESC, chat.id DESC LIMIT ?");
    values.add(limit);
    return read(sql, owner, query.toString(), values);
  }

  /** A row before its labels have names. */
  private record Row(Chat chat, Optional<String> folder) {}

  private List<Chat> read(Sql sql, String owner, String query, List<Object> values)
      throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    List<Row> rows = sql.list(row -> row(texts, row), query, values.toArray());
    if (rows.isEmpty()) {
      return List.of();
    }
    Labels labels = new Labels(sql, texts, owner);
    List<Chat> chats = new ArrayList<>();
    for (Row row : rows) {
      List<String> tags =
          sql.list(
              tag -> labels.name(tag.getString(1)),
              "SELECT label FROM chat_tag WHERE chat = ?",
              row.chat().id());
      chats.add(
          row.chat()
              .withFolder(row.folder().map(labels::name))
              .withTags(tags.stream().sorted().toList()));
    }
    return chats;
  }

  @SuppressWarnings("unchecked") // as it was written
  private Row row(OwnerTexts texts, ResultSet row) throws SQLException {
    String id = row.getString("id");
    Map<String, Object> body =
        reader.readObject(texts.openBytes(Cells.pageChat(id), row.getBytes("body")));
    Chat chat =
        new Chat(
            id,
            row.getLong("created"),
            row.getLong("updated"),
            (String) body.get("title"),
            TitledBy.valueOf((String) body.get("titled")),
            Optional.empty(),
            List.of(),
            row.getInt("pinned") == 1,
            row.getInt("archived") == 1,
            false,
            Optional.ofNullable((String) body.get("model")),
            (Map<String, Object>) body.get("settings"),
            Optional.ofNullable(row.getString("current")));
    return new Row(chat, Optional.ofNullable(row.getString("folder")));
  }
}
