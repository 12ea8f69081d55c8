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

/** Responses that are kept, each for its owner alone. */
final class ResponseStore {
  private static final String NOBODY_WAITS = "failed";

  private final Database database;
  private final KeptEvents events;
  private final ConversationStore conversations;
  private final JsonWriter json;
  private final Clock clock;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  ResponseStore(Database database, JsonWriter json, Clock clock) {
    this.database = database;
    this.events = new KeptEvents(database, clock);
    this.conversations = new ConversationStore(database, json, clock);
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
  }

  /** Of responses that are streams in the background. */
  KeptEvents events() {
    return events;
  }

  ConversationStore conversations() {
    return conversations;
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
            if (!conversations.has(sql, conversation, owner)) {
              throw Stored.conversationGone(conversation);
            }
            conversations.append(sql, conversation, ask.input());
            conversations.append(sql, conversation, ResponseBody.output(body));
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

  /**
   * An item of any response or conversation, as JSON: the rest of a response, which can be large,
   * is not read for it.
   */
  Optional<String> findItem(String id, String owner) {
    return database.read(
        sql -> {
          Optional<String> ofResponse =
              sql.first(
                  row -> row.getString(1),
                  "WITH newest AS (SELECT body, input FROM response"
                      + " JOIN response_item ON response = response.id"
                      + " WHERE response_item.id = ? AND owner = ?"
                      + " ORDER BY created DESC LIMIT 1)"
                      + " SELECT value, 0 AS place FROM newest, json_each(body, '$.output')"
                      + " WHERE json_extract(value, '$.id') = ?"
                      + " UNION ALL SELECT value, 1 FROM newest, json_each(input)"
                      + " WHERE json_extract(value, '$.id') = ?"
                      + " ORDER BY place LIMIT 1",
                  id,
                  owner,
                  id,
                  id);
          return ofResponse.isPresent() ? ofResponse : conversations.findItem(sql, id, owner);
        });
  }

  Optional<Kept> find(String id, String owner) {
    return database.read(
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

  private Map<String, Object> object(String text) {
    return reader.readObject(text.getBytes(StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked") // as it was written
  private List<Map<String, Object>> objects(String text) {
    return (List<Map<String, Object>>) reader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
