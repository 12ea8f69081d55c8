package io.solebox.server.chats.store;

import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.storage.Ids;
import io.solebox.server.storage.Sql;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the folders and tags of one owner are called, in one transaction: names are sealed, so they
 * are told apart by ids in the rows.
 */
final class Labels {
  static final String FOLDER = "folder";
  static final String TAG = "tag";

  private final Sql sql;
  private final OwnerTexts texts;
  private final String owner;

  /** Ids by name, of each kind. */
  private final Map<String, Map<String, String>> known = new LinkedHashMap<>();

  private final Map<String, String> names = new LinkedHashMap<>();

  Labels(Sql sql, OwnerTexts texts, String owner) throws SQLException {
    this.sql = sql;
    this.texts = texts;
    this.owner = owner;
    known.put(FOLDER, new LinkedHashMap<>());
    known.put(TAG, new LinkedHashMap<>());
    sql.list(
        row -> {
          String id = row.getString(1);
          return remember(row.getString(2), texts.open(Cells.chatLabel(id), row.getBytes(3)), id);
        },
        "SELECT id, kind, name FROM chat_label WHERE owner = ?",
        owner);
  }

  private String remember(String kind, String name, String id) {
    known.get(kind).put(name, id);
    names.put(id, name);
    return id;
  }

  Optional<String> find(String kind, String name) {
    return Optional.ofNullable(known.get(kind).get(name));
  }

  String name(String id) {
    return names.get(id);
  }

  String findOrMake(String kind, String name) throws SQLException {
    Optional<String> found = find(kind, name);
    if (found.isPresent()) {
      return found.get();
    }
    String id = Ids.of("label");
    sql.update(
        "INSERT INTO chat_label (id, owner, kind, name) VALUES (?, ?, ?, ?)",
        id,
        owner,
        kind,
        texts.seal(Cells.chatLabel(id), name));
    return remember(kind, name, id);
  }

  /** Gives one another name. */
  void rename(String id, String name) throws SQLException {
    sql.update(
        "UPDATE chat_label SET name = ? WHERE id = ?", texts.seal(Cells.chatLabel(id), name), id);
  }

  /** Forgets those that no chat has any more. */
  static void forgetUnused(Sql sql, String owner) throws SQLException {
    sql.update(
        "DELETE FROM chat_label WHERE owner = ?"
            + " AND NOT EXISTS (SELECT 1 FROM chat WHERE folder = chat_label.id)"
            + " AND NOT EXISTS (SELECT 1 FROM chat_tag WHERE label = chat_label.id)",
        owner);
  }
}
