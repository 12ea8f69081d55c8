package io.solebox.server.responses;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Metadata;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/conversations}. */
final class ConversationRoutes {
  private static final String JSON = "application/json";
  private static final String ONE = "/v1/conversations/{id}";
  private static final String ITEMS = ONE + "/items";

  private final JsonWriter json;
  private final int maxBodyBytes;
  private final Optional<ResponseStore> store;
  private final FieldTable table = ResponseFields.table();
  private final ItemReader items = new ItemReader(table, new Items(table));

  ConversationRoutes(JsonWriter json, int maxBodyBytes, Optional<ResponseStore> store) {
    this.json = json;
    this.maxBodyBytes = maxBodyBytes;
    this.store = store;
  }

  List<Route> routes() {
    return List.of(
        post("/v1/conversations", this::create),
        post(ONE, this::update),
        ResponsesApi.get(ONE, this::get),
        ResponsesApi.route(Method.DELETE, ONE, this::delete),
        post(ITEMS, this::addItems),
        ResponsesApi.get(ITEMS, this::listItems),
        ResponsesApi.get(ITEMS + "/{item}", this::item),
        ResponsesApi.route(Method.DELETE, ITEMS + "/{item}", this::deleteItem));
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private ResponseStore store() {
    return store.orElseThrow(() -> Stored.off("conversation"));
  }

  private void requireKept(Exchange exchange) {
    if (!store().keeps(Owners.of(exchange))) {
      throw Stored.off("conversation", store);
    }
  }

  private ConversationStore conversations() {
    return store().conversations();
  }

  private List<Map<String, Object>> read(Object given, Exchange exchange) {
    return items.read(
        given,
        "items",
        id ->
            store()
                .findItem(id, Owners.of(exchange))
                .orElseThrow(() -> Stored.notFound("item", id)));
  }

  private Fields body(String place, Map<String, Object> object) {
    return new Fields(table, place, "", object);
  }

  private void create(Exchange exchange) throws InterruptedException {
    requireKept(exchange);
    Map<String, Object> made =
        exchange.readObject(
            JsonSkips.NONE,
            object -> {
              Fields body = body(ResponseFields.CONVERSATION, object);
              Map<String, Object> metadata =
                  body.raw("metadata").map(Metadata::of).orElse(Map.of());
              List<Map<String, Object>> first =
                  body.raw("items").map(given -> read(given, exchange)).orElse(List.of());
              body.settle(false);
              return conversations().create(Owners.of(exchange), metadata, first);
            });
    exchange.send(200, JSON, json.bytes(made));
  }

  private void update(Exchange exchange) throws InterruptedException {
    String id = exchange.parameter("id");
    boolean found =
        exchange.readObject(
            JsonSkips.NONE,
            object -> {
              Fields body = body(ResponseFields.NOTES, object);
              Map<String, Object> metadata =
                  body.raw("metadata")
                      .map(Metadata::of)
                      .orElseThrow(() -> Params.missing("metadata"));
              body.settle(false);
              return conversations().setMetadata(id, Owners.of(exchange), metadata);
            });
    if (!found) {
      throw Stored.notFound("conversation", id);
    }
    get(exchange);
  }

  private void get(Exchange exchange) {
    String id = exchange.parameter("id");
    Map<String, Object> conversation =
        conversations()
            .find(id, Owners.of(exchange))
            .orElseThrow(() -> Stored.notFound("conversation", id));
    exchange.send(200, JSON, json.bytes(conversation));
  }

  private void delete(Exchange exchange) {
    String id = exchange.parameter("id");
    if (!conversations().delete(id, Owners.of(exchange))) {
      throw Stored.notFound("conversation", id);
    }
    exchange.send(
        200,
        JSON,
        json.bytes(
            ResponseBody.ordered("id", id, "object", "conversation.deleted", "deleted", true)));
  }

  private void addItems(Exchange exchange) throws InterruptedException {
    requireKept(exchange);
    List<Map<String, Object>> added =
        exchange.readObject(
            JsonSkips.NONE,
            object -> {
              Fields body = body(ResponseFields.ITEMS, object);
              Object given = body.raw("items").orElseThrow(() -> Params.missing("items"));
              List<Map<String, Object>> read = read(given, exchange);
              body.settle(false);
              conversations().add(exchange.parameter("id"), Owners.of(exchange), read);
              return read;
            });
    exchange.send(
        200,
        JSON,
        json.bytes(
            ResponseBody.ordered(
                "object",
                "list",
                "data",
                added,
                "first_id",
                added.isEmpty() ? null : added.getFirst().get("id"),
                "last_id",
                added.isEmpty() ? null : added.getLast().get("id"),
                "has_more",
                false)));
  }

  private List<Map<String, Object>> all(Exchange exchange) {
    return conversations().items(exchange.parameter("id"), Owners.of(exchange));
  }

  private void listItems(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, all(exchange))));
  }

  private Map<String, Object> found(Exchange exchange) {
    String item = exchange.parameter("item");
    return all(exchange).stream()
        .filter(each -> item.equals(each.get("id")))
        .findFirst()
        .orElseThrow(() -> Stored.notFound("item", item));
  }

  private void item(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(found(exchange)));
  }

  private void deleteItem(Exchange exchange) {
    found(exchange);
    conversations().deleteItem(exchange.parameter("id"), exchange.parameter("item"));
    get(exchange);
  }
}
