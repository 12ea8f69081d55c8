package io.solebox.server.responses;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Responses that are kept, each for its owner alone. */
final class ResponseStore {
  private final Vault vault;
  private final Database database;
  private final KeptResponses responses;
  private final KeptEvents events;
  private final ConversationStore conversations;
  private final JsonWriter json;
  private final Clock clock;

  ResponseStore(Vault vault, JsonWriter json, Clock clock) {
    this.vault = vault;
    this.database = vault.database();
    this.responses = new KeptResponses(vault, json);
    this.events = new KeptEvents(vault, clock);
    this.conversations = new ConversationStore(vault, json, clock);
    this.json = json;
    this.clock = clock;
  }

  /** Of responses that are streams in the background. */
  KeptEvents events() {
    return events;
  }

  ConversationStore conversations() {
    return conversations;
  }

  /** Whether anything of this owner is kept. */
  boolean keeps(String owner) {
    return vault.keeps(owner);
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
          responses.write(sql, owner, ask, body, now());
          boolean complete = ResponseBody.isComplete(body);
          if (complete && ask.conversation().isPresent()) {
            String conversation = ask.conversation().get();
            if (!conversations.has(sql, conversation, owner)) {
              throw Stored.conversationGone(conversation);
            }
            conversations.append(sql, conversation, owner, ask.input());
            conversations.append(sql, conversation, owner, ResponseBody.output(body));
          }
          return complete;
        });
  }

  /**
   * An item of any response or conversation, as JSON: the rest of a response, which can be large,
   * is not read for it.
   */
  Optional<String> findItem(String id, String owner) {
    return database.read(
        sql -> {
          Optional<String> ofResponse = responses.findItem(sql, id, owner);
          return ofResponse.isPresent() ? ofResponse : conversations.findItem(sql, id, owner);
        });
  }

  Optional<KeptResponse> find(String id, String owner) {
    return database.read(sql -> responses.find(sql, id, owner));
  }

  boolean delete(String id, String owner) {
    return database.transaction(
        sql -> sql.update("DELETE FROM response WHERE id = ? AND owner = ?", id, owner) > 0);
  }

  /**
   * Deletes responses that are older than that, but none that a younger one goes on from, and none
   * that runs; returns how many.
   */
  int deleteBefore(String owner, long time) {
    return database.transaction(
        sql ->
            sql.update(
                "WITH RECURSIVE needed (id) AS ("
                    + "SELECT id FROM response"
                    + " WHERE owner = ? AND (created >= ? OR status IN ('queued', 'in_progress'))"
                    + " UNION SELECT response.previous FROM response JOIN needed"
                    + " ON response.id = needed.id WHERE response.previous IS NOT NULL)"
                    + " DELETE FROM response WHERE owner = ? AND id NOT IN (SELECT id FROM needed)",
                owner,
                time,
                owner));
  }

  /** What the end of an earlier process broke off; nothing, while another one runs. */
  void failUnfinished() {
    if (!database.leadership().isOurs()) {
      return;
    }
    database.transaction(
        sql -> {
          List<KeptResponses.Named> unfinished = responses.unfinished(sql);
          for (KeptResponses.Named each : unfinished) {
            fail(sql, each);
          }
          return unfinished.size();
        });
  }

  private void fail(Sql sql, KeptResponses.Named each) throws SQLException {
    try {
      Map<String, Object> body =
          ResponseBody.failed(
              responses.find(sql, each.id(), each.owner()).orElseThrow().body(),
              "The server ended.");
      responses.update(sql, each.owner(), body);
      fail(sql, each.owner(), body);
    } catch (SoleboxException | JsonException e) {
      // It is damaged, as whoever asks for it hears; no server need end for it.
      sql.update("UPDATE response SET status = 'failed' WHERE id = ?", each.id());
    }
  }

  /** Ends the events of a response, where it has any. */
  private void fail(Sql sql, String owner, Map<String, Object> body) throws SQLException {
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
      events.add(sql, id, owner, new EventLog.Event(next, type, event), now());
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
      KeptResponse kept =
          find(current, owner).orElseThrow(() -> Stored.notFound("response", current));
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
}
