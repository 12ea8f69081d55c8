package io.solebox.server.chats.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What people note beside their chats, each for its owner alone. */
public final class Notes {
  private final Vault vault;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  /** What can be noted. */
  public enum Kind {
    PROMPT,
    PERSONA,
    /** One of each owner. */
    PREFERENCES;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One of them.
   *
   * @param created milliseconds since 1970
   * @param updated likewise
   */
  public record Note(String id, long created, long updated, Map<String, Object> body) {
    /** As the API writes it. */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("id", id);
      json.put("created", created);
      json.put("updated", updated);
      json.putAll(body);
      return json;
    }
  }

  public Notes(Vault vault) {
    this.vault = vault;
  }

  /** Whether anything of this owner is kept. */
  public boolean keeps(String owner) {
    return vault.keeps(owner);
  }

  /** All of a kind, the oldest first. */
  public List<Note> all(String owner, Kind kind) {
    return vault
        .database()
        .read(
            sql -> {
              OwnerTexts texts = vault.reading(sql, owner);
              return sql.list(
                  row -> note(texts, kind, row),
                  "SELECT id, created, updated, body FROM chat_note"
                      + " WHERE owner = ? AND kind = ? ORDER BY created, id",
                  owner,
                  kind.word());
            });
  }

  private Note note(OwnerTexts texts, Kind kind, ResultSet row) throws SQLException {
    String id = row.getString(1);
    byte[] body = texts.openBytes(Cells.chatNote(kind.word(), id), row.getBytes(4));
    return new Note(id, row.getLong(2), row.getLong(3), reader.readObject(body));
  }

  public Optional<Note> find(String owner, Kind kind, String id) {
    return vault.database().read(sql -> find(sql, owner, kind, id));
  }

  private Optional<Note> find(Sql sql, String owner, Kind kind, String id) throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.first(
        row -> note(texts, kind, row),
        "SELECT id, created, updated, body FROM chat_note"
            + " WHERE id = ? AND owner = ? AND kind = ?",
        id,
        owner,
        kind.word());
  }

  /**
   * Writes one.
   *
   * @param change of what it says; of one that is new, of nothing
   * @param now milliseconds since 1970
   */
  public Note write(
      String owner, Kind kind, String id, UnaryOperator<Map<String, Object>> change, long now) {
    return vault.database().transaction(sql -> write(sql, owner, kind, id, change, now));
  }

  /** The same of a kind of which an owner has one. */
  public Note writeOnly(
      String owner, Kind kind, UnaryOperator<Map<String, Object>> change, long now) {
    return vault
        .database()
        .transaction(
            sql -> {
              String id =
                  sql.first(
                          row -> row.getString(1),
                          "SELECT id FROM chat_note WHERE owner = ? AND kind = ?",
                          owner,
                          kind.word())
                      .orElseGet(() -> Ids.of(kind.word()));
              return write(sql, owner, kind, id, change, now);
            });
  }

  private Note write(
      Sql sql,
      String owner,
      Kind kind,
      String id,
      UnaryOperator<Map<String, Object>> change,
      long now)
      throws SQLException {
    Optional<Note> before = find(sql, owner, kind, id);
    Map<String, Object> body = change.apply(before.map(Note::body).orElse(Map.of()));
    Note note = new Note(id, before.map(Note::created).orElse(now), now, body);
    sql.update(
        "INSERT INTO chat_note (id, owner, kind, created, updated, body)"
            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            + " SET updated = excluded.updated, body = excluded.body",
        id,
        HandOver.owner(sql, owner),
        kind.word(),
        note.created(),
        now,
        vault.writing(sql, owner).seal(Cells.chatNote(kind.word(), id), json.text(body)));
    return note;
  }

  public boolean delete(String owner, Kind kind, String id) {
    return vault
        .database()
        .transaction(
            sql ->
                sql.update(
                        "DELETE FROM chat_note WHERE id = ? AND owner = ? AND kind = ?",
                        id,
                        owner,
                        kind.word())
                    > 0);
  }
}
