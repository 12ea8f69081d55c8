package io.solebox.server.responses;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rows of responses, in transactions of others: each item is one of its own, sealed by itself,
 * so that one is found and opened without the others.
 */
final class KeptResponses {
  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  private final Vault vault;
  private final JsonWriter json;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  KeptResponses(Vault vault, JsonWriter json) {
    this.vault = vault;
    this.json = json;
  }

  /** A response and whose it is. */
  record Named(String id, String owner) {}

  /**
   * Writes a response for the first time, or anew.
   *
   * @param now seconds since 1970
   */
  void write(Sql sql, String owner, ResponseAsk ask, Map<String, Object> body, long now)
      throws SQLException {
    String id = (String) body.get("id");
    OwnerTexts texts = vault.writing(sql, owner);
    int added =
        sql.update(
            "INSERT INTO response (id, owner, created, status, previous, conversation, body)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            id,
            HandOver.owner(sql, owner),
            now,
            body.get("status"),
            ask.previous().orElse(null),
            ask.conversation().orElse(null),
            texts.seal(Cells.response(id), rest(body)));
    if (added > 0) {
      items(sql, texts, id, INPUT, ask.input());
      items(sql, texts, id, OUTPUT, ResponseBody.output(body));
    } else {
      update(sql, owner, body);
    }
  }

  /** Writes anew what has become of a response. */
  void update(Sql sql, String owner, Map<String, Object> body) throws SQLException {
    String id = (String) body.get("id");
    OwnerTexts texts = vault.writing(sql, owner);
    sql.update(
        "UPDATE response SET status = ?, body = ? WHERE id = ?",
        body.get("status"),
        texts.seal(Cells.response(id), rest(body)),
        id);
    sql.update("DELETE FROM response_item WHERE response = ? AND side = ?", id, OUTPUT);
    items(sql, texts, id, OUTPUT, ResponseBody.output(body));
  }

  /** All but the items of the output, which are rows. */
  private String rest(Map<String, Object> body) {
    Map<String, Object> rest = new LinkedHashMap<>(body);
    rest.replace(OUTPUT, List.of());
    return json.text(rest);
  }

  private void items(
      Sql sql, OwnerTexts texts, String response, String side, List<Map<String, Object>> items)
      throws SQLException {
    for (int i = 0; i < items.size(); i++) {
      sql.update(
          "INSERT INTO response_item (response, side, position, id, body) VALUES (?, ?, ?, ?, ?)",
          response,
          side,
          i,
          items.get(i).get("id"),
          texts.seal(Cells.responseItem(response, side, i), json.text(items.get(i))));
    }
  }

  Optional<KeptResponse> find(Sql sql, String id, String owner) throws SQLException {
    Optional<byte[]> sealed =
        sql.first(
            row -> row.getBytes(1),
            "SELECT body FROM response WHERE id = ? AND owner = ?",
            id,
            owner);
    if (sealed.isEmpty()) {
      return Optional.empty();
    }
    OwnerTexts texts = vault.reading(sql, owner);
    Map<String, Object> body =
        new LinkedHashMap<>(reader.readObject(texts.openBytes(Cells.response(id), sealed.get())));
    body.replace(OUTPUT, items(sql, texts, id, OUTPUT));
    return Optional.of(new KeptResponse(body, items(sql, texts, id, INPUT)));
  }

  private List<Map<String, Object>> items(Sql sql, OwnerTexts texts, String response, String side)
      throws SQLException {
    return new ArrayList<>(
        sql.list(
            row ->
                reader.readObject(
                    texts.openBytes(
                        Cells.responseItem(response, side, row.getLong(1)), row.getBytes(2))),
            "SELECT position, body FROM response_item WHERE response = ? AND side = ?"
                + " ORDER BY position",
            response,
            side));
  }

  private record Place(String response, String side, long position) {}

  /** An item as JSON: that of the newest response, what it answered before what it was asked. */
  Optional<String> findItem(Sql sql, String id, String owner) throws SQLException {
    Optional<Place> found =
        sql.first(
            row -> new Place(row.getString(1), row.getString(2), row.getLong(3)),
            "SELECT response, side, position FROM response_item"
                + " JOIN response ON response = response.id"
                + " WHERE response_item.id = ? AND owner = ?"
                + " ORDER BY created DESC, side DESC, position LIMIT 1",
            id,
            owner);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Place place = found.get();
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.first(
        row ->
            texts.open(
                Cells.responseItem(place.response(), place.side(), place.position()),
                row.getBytes(1)),
        "SELECT body FROM response_item WHERE response = ? AND side = ? AND position = ?",
        place.response(),
        place.side(),
        place.position());
  }

  /** Those that are not over. */
  List<Named> unfinished(Sql sql) throws SQLException {
    return sql.list(
        row -> new Named(row.getString(1), row.getString(2)),
        "SELECT id, owner FROM response WHERE status IN ('queued', 'in_progress')");
  }
}
