package io.solebox.server.openai;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import io.solebox.server.openai.KeptChats.Kept;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.Metadata;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chat completions that were kept. */
final class KeptChatRoutes {
  private static final String JSON = "application/json";
  private static final String ALL = "/v1/chat/completions";
  private static final String ONE = ALL + "/{id}";

  private final JsonWriter json;
  private final FieldTable table;
  private final int maxBodyBytes;
  private final Optional<KeptChats> kept;

  /**
   * @param kept empty where nothing may be kept
   */
  KeptChatRoutes(JsonWriter json, FieldTable table, int maxBodyBytes, Optional<KeptChats> kept) {
    this.json = json;
    this.table = table;
    this.maxBodyBytes = maxBodyBytes;
    this.kept = kept;
  }

  List<Route> routes() {
    RouteLimits body = RouteLimits.body(maxBodyBytes);
    return List.of(
        route(Method.GET, ALL, RouteLimits.NO_BODY, this::list),
        route(Method.GET, ONE, RouteLimits.NO_BODY, this::get),
        route(Method.POST, ONE, body, this::update),
        route(Method.DELETE, ONE, RouteLimits.NO_BODY, this::delete),
        route(Method.GET, ONE + "/messages", RouteLimits.NO_BODY, this::messages));
  }

  private static Route route(
      Method method, String path, RouteLimits limits, Route.Handler handler) {
    return new Route(method, path, Permission.USE_MODELS, limits, handler);
  }

  /** Deletes them. */
  Expiry expiry() {
    return (deadlines, _) ->
        kept.map(chats -> Map.of("chats", chats.expire(deadlines))).orElse(Map.of());
  }

  KeptChats kept() {
    return kept.orElseThrow(
        () ->
            Params.unsupported(
                "store", "This server was started with --no-store: it keeps nothing."));
  }

  /**
   * Where a chat of somebody is kept.
   *
   * @throws Problem 400 if nothing of theirs is
   */
  KeptChats keptOf(String owner) {
    if (!kept().keeps(owner)) {
      throw Keeping.off("store");
    }
    return kept();
  }

  private Kept found(Exchange exchange) {
    String id = exchange.parameter("id");
    return kept()
        .find(id, Owners.of(exchange))
        .orElseThrow(
            () ->
                Problem.of(
                    404,
                    "not_found",
                    "There is no stored chat completion '%s'.".formatted(Texts.abbreviated(id))));
  }

  private void get(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(found(exchange).body()));
  }

  private void list(Exchange exchange) {
    Optional<String> model = exchange.query("model");
    List<Map<String, Object>> bodies =
        kept().all(Owners.of(exchange)).stream()
            .map(Kept::body)
            .filter(body -> model.isEmpty() || model.get().equals(body.get("model")))
            .toList();
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, bodies)));
  }

  private void update(Exchange exchange) throws InterruptedException {
    found(exchange);
    exchange.readObject(
        JsonSkips.NONE,
        object -> {
          Fields body = new Fields(table, "kept_chat", "", object);
          Object given = body.raw("metadata").orElseThrow(() -> Params.missing("metadata"));
          body.settle(false);
          Map<String, Object> metadata = Metadata.of(given);
          kept().setMetadata(exchange.parameter("id"), Owners.of(exchange), metadata);
          return metadata;
        });
    get(exchange);
  }

  private void delete(Exchange exchange) {
    found(exchange);
    kept().delete(exchange.parameter("id"), Owners.of(exchange));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "chat.completion.deleted");
    body.put("id", exchange.parameter("id"));
    body.put("deleted", true);
    exchange.send(200, JSON, json.bytes(body));
  }

  private void messages(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, found(exchange).messages())));
  }
}
