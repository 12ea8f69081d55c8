package io.solebox.server.chats.store;

import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the folders and tags of one owner are called, in one transaction: names are sealed, so they
 * are told apart by ids in the rows.
 */
final class Labels {
  private final Sql sql;
  private final OwnerTexts texts;
  private final String owner;

  /** Ids by name, of each kind. */
  private final Map<Label, Map<String, String>> known = new EnumMap<>(Label.class);

  private final Map<String, String> names = new LinkedHashMap<>();

  Labels(Sql sql, OwnerTexts texts, String owner) throws SQLException {
    this.sql = sql;
    this.texts = texts;
    this.owner = owner;
    known.put(Label.FOLDER, new LinkedHashMap<>());
    known.put(Label.TAG, new LinkedHashMap<>());
    sql.list(
        row -> {
          String id = row.getString(1);
          Label kind = Label.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
          return remember(kind, texts.open(Cells.chatLabel(id), row.getBytes(3)), id);
        },
        "SELECT id, kind, name FROM chat_label WHERE owner = ?",
        owner);
  }

  private String remember(Label kind, String name, String id) {
    known.get(kind).put(name, id);
    names.put(id, name);
    return id;
  }

  Optional<String> find(Label kind, String name) {
    return Optional.ofNullable(known.get(kind).get(name));
  }

  String name(String id) {
    return names.get(id);
  }

  String findOrMake(Label kind, String name) throws SQLException {
    Optional<String> found = find(kind, name);
    if (found.isPresent()) {
      return found.get();
    }
    String id = Ids.of("label");
    sql.update(
        "INSERT INTO chat_label (id, owner, kind, name) VALUES (?, ?, ?, ?)",
        id,
        owner,
        kind.word(),
        texts.seal(Cells.chatLabel(id), name));
    return remember(kind, name, id);
  }

  /** Names of all of a kind, and how many chats each has. */
  Map<String, Integer> counts(Label kind) throws SQLException {
    String chats =
        switch (kind) {
          case FOLDER -> "SELECT COUNT(*) FROM chat WHERE folder = ?";
          case TAG -> "SELECT COUNT(*) FROM chat_tag WHERE label = ?";
        };
    Map<String, Integer> counts = new TreeMap<>();
    for (Map.Entry<String, String> each : known.get(kind).entrySet()) {
      int count = sql.first(row -> row.getInt(1), chats, each.getValue()).orElseThrow();
      counts.put(each.getKey(), count);
    }
    return counts;
  }

  /**
   * Moves the chats of a folder to another.
   *
   * @param to empty for none
   * @return how many
   */
  int move(String from, Optional<String> to) throws SQLException {
    Optional<String> before = find(Label.FOLDER, from);
    if (before.isEmpty()) {
      return 0;
    }
    String after = to.isEmpty() ? null : findOrMake(Label.FOLDER, to.get());
    int moved = sql.update("UPDATE chat SET folder = ? WHERE folder = ?", after, before.get());
    forgetUnused(sql, owner);
    return moved;
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
