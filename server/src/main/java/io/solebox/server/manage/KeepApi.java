package io.solebox.server.manage;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.LibraryRun;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.library.PullWish;
import io.solebox.server.models.Models;
import io.solebox.server.models.Removals;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fetches, keeps and removes models of the library for administrators. */
public final class KeepApi {
  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 64 << 10;

  private final JsonWriter json;
  private final Models models;
  private final Optional<ModelLibrary> library;
  private final FieldTable table =
      FieldTable.read(ManageApi.class.getResourceAsStream("fields.txt"));

  /**
   * @param library without which there is nothing to change, and all is refused
   */
  public KeepApi(JsonWriter json, Models models, Optional<ModelLibrary> library) {
    this.json = json;
    this.models = models;
    this.library = library;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            post("/v1/models/pull", this::pull),
            post("/v1/models/pin", exchange -> pin(exchange, true)),
            post("/v1/models/unpin", exchange -> pin(exchange, false)),
            new Route(
                Method.DELETE,
                "/v1/models/{name*}",
                Permission.ADMINISTRATE,
                RouteLimits.NO_BODY,
                this::remove)),
        problems);
  }

  private static Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(MAX_BODY_BYTES);
    return new Route(Method.POST, path, Permission.ADMINISTRATE, limits, handler);
  }

  private ModelLibrary library() {
    return library.orElseThrow(
        () ->
            Params.unsupported(
                "model", "This server offers the models that it was started with, and no others."));
  }

  private record Ask(PullWish wish, boolean stream) {}

  private void pull(Exchange exchange) throws InterruptedException {
    Ask ask =
        exchange.readObject(
            JsonSkips.of(List.of()),
            body -> {
              Fields fields = new Fields(table, "pull", "", body);
              String name = name(fields);
              boolean insecure = fields.flag("insecure");
              boolean stream = fields.flag("stream");
              fields.settle(false);
              return new Ask(new PullWish(name, insecure), stream);
            });
    exchange.notes().model(ask.wish().name());
    PullEvents events = new PullEvents(json, exchange, ask.wish().name(), ask.stream());
    KeptModel pulled =
        LibraryRun.run(exchange, "model.pull", _ -> library().pull(ask.wish(), events));
    if (ask.stream()) {
      events.done(described(pulled));
    } else {
      exchange.send(200, JSON, json.bytes(described(pulled)));
    }
  }

  private void pin(Exchange exchange, boolean pinned) throws InterruptedException {
    String name =
        exchange.readObject(
            JsonSkips.of(List.of()),
            body -> {
              Fields fields = new Fields(table, "pin", "", body);
              String asked = name(fields);
              fields.settle(false);
              return asked;
            });
    KeptModel model = library().pin(name, pinned);
    exchange.record(pinned ? "model.pin" : "model.unpin", model.name(), Map.of());
    exchange.send(200, JSON, json.bytes(described(model)));
  }

  private static String name(Fields fields) {
    return fields
        .string("model")
        .filter(text -> !text.isBlank())
        .map(String::strip)
        .orElseThrow(() -> Params.missing("model"));
  }

  private void remove(Exchange exchange) throws InterruptedException {
    Models.Found found = models.seenBy(exchange).find(exchange.parameter("name"));
    exchange.notes().model(found.name());
    if (found.adapter().isPresent()) {
      throw Params.invalidValue(
          "model", "'%s' is an adapter, and no model of its own.".formatted(found.name()));
    }
    new Removals(models, library).remove(found.status(), exchange);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", found.name());
    body.put("object", "model");
    body.put("deleted", true);
    exchange.send(200, JSON, json.bytes(body));
  }

  private static Map<String, Object> described(KeptModel model) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", true);
    body.put("model", model.name());
    body.put("digest", "sha256:" + model.digest());
    body.put("bytes", model.bytes());
    body.put("pinned", model.pinned());
    return body;
  }
}
