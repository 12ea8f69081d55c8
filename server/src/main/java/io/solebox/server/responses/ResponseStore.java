package io.solebox.server.responses;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.storage.Database;
import io.solebox.server.storage.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Responses and conversations that are kept, each for its owner alone. */
final class ResponseStore {
  private static final String NOBODY_WAITS = "failed";

  private final Database database;
  private final KeptEvents events;
  private final JsonWriter json;
  private final Clock clock;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  ResponseStore(Database database, JsonWriter json, Clock clock) {
    this.database = database;
    this.events = new KeptEvents(database, clock);
    this.json = json;
    this.clock = clock;
  }

  /** What is kept of a response. */
  record Kept(Map<String, Object> body, List<Map<String, Object>> input) {
    String status() {
      return (String) body.get("status");
    }

    @SuppressWarnings("unchecked") // as it was written
    List<Map<String, Object>> output() {
      return (List<Map<String, Object>>) body.get("output");
    }

    Optional<Map<String, Object>> item(String id) {
      return Stream.concat(output().stream(), input.stream())
          .filter(item -> id.equals(item.get("id")))
          .findFirst();
    }
  }

  /** Of responses that are streams in the background. */
  KeptEvents events() {
    return events;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * Writes a response for the first time, or anew; its conversation gets it when it is complete.
   *
   * @throws io.solebox.server.http.Problem 404 if the conversation is gone; then nothing is written
   */
  void save(String owner, ResponseAsk ask, Map<String, Object> body) {
    database.transaction(
        sql -> {
          write(sql, owner, ask, body);
          boolean complete = ResponseBody.isComplete(body);
          if (complete && ask.conversation().isPresent()) {
            String conversation = ask.conversation().get();
            if (found(sql, conversation, owner).isEmpty()) {
              throw Stored.conversationGone(conversation);
            }
            append(sql, conversation, ask.input());
            append(sql, conversation, ResponseBody.output(body));
          }
          return complete;
        });
  }

  private void write(Sql sql, String owner, ResponseAsk ask, Map<String, Object> body)
      throws SQLException {
    sql.update(
        "INSERT INTO response (id, owner, created, status, previous, conversation, input, body)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (id) DO UPDATE SET status = excluded.status, body = excluded.body",
        body.get("id"),
        owner,
        now(),
        body.get("status"),
        ask.previous().orElse(null),
        ask.conversation().orElse(null),
        json.text(ask.input()),
        json.text(body));
    for (Map<String, Object> item : ask.input()) {
      list(sql, item, body);
    }
    for (Map<String, Object> item : ResponseBody.output(body)) {
      list(sql, item, body);
    }
  }

  private static void list(Sql sql, Map<String, Object> item, Map<String, Object> response)
      throws SQLException {
    sql.update(
        "INSERT OR IGNORE INTO response_item (id, response) VALUES (?, ?)",
        item.get("id"),
        response.get("id"));
  }

  /** An item of any response or conversation. */
  Optional<Map<String, Object>> findItem(String id, String owner) {
    return database.transaction(
        sql -> {
          Optional<Kept> response =
              sql.first(
                  row -> new Kept(object(row.getString(1)), objects(row.getString(2))),
                  "SELECT body, input FROM response JOIN response_item ON response = response.id"
                      + " WHERE response_item.id = ? AND owner = ?"
                      + " ORDER BY created DESC LIMIT 1",
                  id,
                  owner);
          return response.isPresent()
              ? response.get().item(id)
              : sql.first(
                  row -> object(row.getString(1)),
                  "SELECT body FROM conversation_item"
                      + " JOIN conversation ON conversation = conversation.id"
                      + " WHERE conversation_item.id = ? AND owner = ? LIMIT 1",
                  id,
                  owner);
        });
  }

  Optional<Kept> find(String id, String owner) {
    return database.transaction(
        sql ->
            sql.first(
                row -> new Kept(object(row.getString(1)), objects(row.getString(2))),
                "SELECT body, input FROM response WHERE id = ? AND owner = ?",
                id,
                owner));
  }

  boolean delete(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM response WHERE id = ? AND owner = ?", id, owner) > 0);
  }

  /**
   * Deletes responses that are older than that, but none that a younger one goes on from, and none
   * that runs; returns how many.
   */
  int deleteBefore(long time) {
    return database.transaction(
        sql ->
            sql.update(
                "WITH RECURSIVE needed (id) AS ("
                    + "SELECT id FROM response"
                    + " WHERE created >= ? OR status IN ('queued', 'in_progress')"
                    + " UNION SELECT response.previous FROM response JOIN needed"
                    + " ON response.id = needed.id WHERE response.previous IS NOT NULL)"
                    + " DELETE FROM response WHERE id NOT IN (SELECT id FROM needed)",
                time));
  }

  /** Deletes conversations that nobody has used since; returns how many. */
  int deleteConversationsBefore(long time) {
    return database.transaction(sql -> sql.update("DELETE FROM conversation WHERE used < ?", time));
  }

  /** What the end of an earlier process broke off; nothing, while another one runs. */
  void failUnfinished() {
    if (!database.leadership().isOurs()) {
      return;
    }
    database.transaction(
        sql -> {
          List<String> bodies =
              sql.list(
                  row -> row.getString(1),
                  "SELECT body FROM response WHERE status IN ('queued', 'in_progress')");
          for (String text : bodies) {
            Map<String, Object> body = ResponseBody.failed(object(text), "The server ended.");
            sql.update(
                "UPDATE response SET status = ?, body = ? WHERE id = ?",
                NOBODY_WAITS,
                json.text(body),
                body.get("id"));
            fail(sql, body);
          }
          return bodies.size();
        });
  }

  /** Ends the events of a response, where it has any. */
  private void fail(Sql sql, Map<String, Object> body) throws SQLException {
    String id = (String) body.get("id");
    long next =
        sql.first(
                row -> row.getLong(1),
                "SELECT COALESCE(MAX(sequence), -1) + 1 FROM response_event WHERE response = ?",
                id)
            .orElseThrow();
    if (next > 0) {
      String type = "response.failed";
      byte[] event =
          json.bytes(ResponseBody.ordered("type", type, "sequence_number", next, "response", body));
      KeptEvents.add(sql, id, new EventLog.Event(next, type, event), now());
    }
  }

  /**
   * The items before a response's answer and its answer, from the first on.
   *
   * @throws io.solebox.server.http.Problem 404, or 400 if one of them is not complete
   */
  List<Map<String, Object>> history(String last, String owner) {
    List<List<Map<String, Object>>> parts = new ArrayList<>();
    Optional<String> id = Optional.of(last);
    while (id.isPresent()) {
      String current = id.get();
      Kept kept = find(current, owner).orElseThrow(() -> Stored.notFound("response", current));
      if (!ResponseBody.isComplete(kept.body())) {
        throw io.solebox.server.params.Params.invalidValue(
            "previous_response_id", "The response '%s' is '%s'.".formatted(current, kept.status()));
      }
      List<Map<String, Object>> items = new ArrayList<>(kept.input());
      items.addAll(kept.output());
      parts.addFirst(items);
      id = Optional.ofNullable((String) kept.body().get("previous_response_id"));
    }
    return parts.stream().flatMap(List::stream).toList();
  }

  /** Makes a conversation and returns it. */
  Map<String, Object> newConversation(
      String owner, Map<String, Object> metadata, List<Map<String, Object>> items) {
    String id = Ids.of("conv");
    return database.transaction(
        sql -> {
          sql.update(
              "INSERT INTO conversation (id, owner, created, used, metadata) VALUES (?, ?, ?, ?,"
                  + " ?)",
              id,
              owner,
              now(),
              now(),
              json.text(metadata));
          append(sql, id, items);
          return conversationBody(id, now(), metadata);
        });
  }

  Optional<Map<String, Object>> findConversation(String id, String owner) {
    return database.transaction(sql -> found(sql, id, owner));
  }

  private Optional<Map<String, Object>> found(Sql sql, String id, String owner)
      throws SQLException {
    return sql.first(
        row -> conversationBody(id, row.getLong(1), object(row.getString(2))),
        "SELECT created, metadata FROM conversation WHERE id = ? AND owner = ?",
        id,
        owner);
  }

  private void require(Sql sql, String id, String owner) throws SQLException {
    if (found(sql, id, owner).isEmpty()) {
      throw Stored.notFound("conversation", id);
    }
  }

  private static Map<String, Object> conversationBody(
      String id, long created, Map<String, Object> metadata) {
    return ResponseBody.ordered(
        "id", id, "object", "conversation", "created_at", created, "metadata", metadata);
  }

  boolean setMetadata(String id, String owner, Map<String, Object> metadata) {
    return database.transaction(
        sql ->
            sql.update(
                    "UPDATE conversation SET metadata = ? WHERE id = ? AND owner = ?",
                    json.text(metadata),
                    id,
                    owner)
                > 0);
  }

  boolean deleteConversation(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM conversation WHERE id = ? AND owner = ?", id, owner) > 0);
  }

  /**
   * The items of a conversation, the oldest first.
   *
   * @throws io.solebox.server.http.Problem 404
   */
  List<Map<String, Object>> conversation(String id, String owner) {
    return database.transaction(
        sql -> {
          require(sql, id, owner);
          return all(sql, id);
        });
  }

  /**
   * @throws io.solebox.server.http.Problem 404
   */
  void add(String id, String owner, List<Map<String, Object>> items) {
    database.transaction(
        sql -> {
          require(sql, id, owner);
          append(sql, id, items);
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

  private List<Map<String, Object>> all(Sql sql, String conversation) throws SQLException {
    return sql.list(
        row -> object(row.getString(1)),
        "SELECT body FROM conversation_item WHERE conversation = ? ORDER BY position",
        conversation);
  }

  private void append(Sql sql, String conversation, List<Map<String, Object>> items)
      throws SQLException {
    Items.requireNew(items, all(sql, conversation), "items");
    int next =
        sql.first(
                row -> row.getInt(1),
                "SELECT COALESCE(MAX(position), -1) + 1 FROM conversation_item"
                    + " WHERE conversation = ?",
                conversation)
            .orElseThrow();
    for (Map<String, Object> item : items) {
      sql.update(
          "INSERT INTO conversation_item (conversation, position, id, body) VALUES (?, ?, ?, ?)",
          conversation,
          next++,
          item.get("id"),
          json.text(item));
    }
    sql.update("UPDATE conversation SET used = ? WHERE id = ?", now(), conversation);
  }

  private Map<String, Object> object(String text) {
    return reader.readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked") // as it was written
  private List<Map<String, Object>> objects(String text) {
    return (List<Map<String, Object>>) reader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
