package io.solebox.server.manage;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.EventStream.Framing;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Loads and unloads models on request, and tells how far they are, under the names of
 * llama-server's router.
 */
public final class ManageApi {
  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 64 << 10;

  /** How long an unload waits for the model's running answers before it answers itself. */
  private static final Duration UNLOAD_PATIENCE = Duration.ofSeconds(60);

  private final JsonWriter json;
  private final Models models;
  private final FieldTable table =
      FieldTable.read(ManageApi.class.getResourceAsStream("fields.txt"));

  public ManageApi(JsonWriter json, Models models) {
    this.json = json;
    this.models = models;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            post("/v1/models/load", this::load),
            post("/v1/models/unload", this::unload),
            post("/models/load", this::load),
            post("/models/unload", this::unload),
            get("/models/sse", this::events)),
        problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.SEE, RouteLimits.NO_BODY, handler);
  }

  private static Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(MAX_BODY_BYTES);
    return new Route(Method.POST, path, Permission.ADMINISTRATE, limits, handler);
  }

  /**
   * @param stream whether the progress is to be told
   */
  private record Wish(Status model, boolean stream) {}

  private Wish read(Exchange exchange, boolean mayStream) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.of(List.of()),
        body -> {
          Fields fields = new Fields(table, mayStream ? "load" : "unload", "", body);
          String name = fields.string("model").orElseThrow(() -> Params.missing("model"));
          boolean stream = mayStream && fields.flag("stream");
          fields.settle(false);
          Wish wish = new Wish(models.seenBy(exchange).find(name).status(), stream);
          exchange.notes().model(wish.model().name());
          return wish;
        });
  }

  private void load(Exchange exchange) throws InterruptedException {
    Wish wish = read(exchange, true);
    models.load(wish.model());
    if (wish.stream()) {
      String name = wish.model().name();
      tell(exchange, name, status -> status instanceof ModelState.Loading);
    } else {
      send(exchange, wish.model());
    }
  }

  private void unload(Exchange exchange) throws InterruptedException {
    Wish wish = read(exchange, false);
    if (!models.unload(wish.model(), UNLOAD_PATIENCE)) {
      throw Problem.of(
              503,
              "model_in_use",
              "The model '%s' still answers; it is unloaded when it has ended."
                  .formatted(wish.model().name()))
          .withParam("model")
          .withRetryAfter(30);
    }
    send(exchange, wish.model());
  }

  private void send(Exchange exchange, Status before) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("success", true);
    body.put("model", before.name());
    body.putAll(models.state(models.seenBy(exchange).find(before.name()).status()));
    exchange.send(200, JSON, json.bytes(body));
  }

  /** Whether a state is one that something follows. */
  private interface Passing {
    boolean is(ModelState state);
  }

  private void tell(Exchange exchange, String name, Passing passing) throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    try (EventStream out = exchange.startStream(Framing.EVENTS);
        Registration _ = exchange.cancelWith(() -> ended.set(true))) {
      new ModelEvents(json, models, out)
          .tell(
              () -> List.of(models.seenBy(exchange).find(name).status()),
              now -> !ended.get() && !exchange.mustEnd() && passing.is(now.getFirst().state()));
    }
  }

  private void events(Exchange exchange) throws InterruptedException {
    AtomicBoolean ended = new AtomicBoolean();
    try (EventStream out = exchange.startStream(Framing.EVENTS);
        Registration _ = exchange.cancelWith(() -> ended.set(true))) {
      new ModelEvents(json, models, out)
          .tell(models.seenBy(exchange)::all, _ -> !ended.get() && !exchange.mustEnd());
    }
  }
}
