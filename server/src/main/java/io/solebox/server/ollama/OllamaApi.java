package io.solebox.server.ollama;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Answers;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes under {@code /api}, which speak as Ollama does. */
public final class OllamaApi {
  /** What this API is like; programs ask for it, and leave out what an older one lacks. */
  private static final String VERSION = "0.13.0";

  private static final String BLOB = "/api/blobs/{digest}";
  private static final String JSON = "application/json";
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());

  private final JsonWriter json;
  private final Models models;
  private final Clock clock;
  private final int maxBodyBytes;
  private final FieldTable table = OllamaFields.table();
  private final Presets presets;
  private final AnswerReader reader;
  private final EmbedReader embeds;
  private final ModelCards cards;
  private final NameApi names;
  private final Creations creations;
  private final BlobApi blobs;
  private final PullLines pulls;
  private final Answers answers;
  private final Vectors vectors;

  /**
   * @param library that is changed; where there is none, models stay as they are
   * @param clock for templates and for the time in answers
   */
  public OllamaApi(
      JsonWriter json,
      Models models,
      Optional<ModelLibrary> library,
      Clock clock,
      int maxBodyBytes,
      Faults faults) {
    this.json = json;
    this.models = models;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
    this.presets = new Presets(models, library);
    this.reader = new AnswerReader(table, presets::of, clock);
    this.embeds = new EmbedReader(table);
    this.cards = new ModelCards(models);
    this.names = new NameApi(models, library, table, presets);
    this.creations = new Creations(json, library, table, presets);
    this.blobs = new BlobApi(library);
    this.pulls = new PullLines(json, models, library, table);
    this.answers = new Answers(models, faults);
    this.vectors = new Vectors(models);
  }

  public Api api() {
    List<Route> routes = new ArrayList<>(asking());
    routes.addAll(
        List.of(
            get(
                "/api/tags",
                exchange -> exchange.send(200, JSON, json.bytes(cards.tags(exchange)))),
            get(
                "/api/ps",
                exchange -> exchange.send(200, JSON, json.bytes(cards.running(exchange)))),
            get("/api/version", this::version),
            new Route(Method.GET, BLOB, Permission.ADMINISTRATE, RouteLimits.NO_BODY, blobs::look),
            new Route(
                Method.POST, BLOB, Permission.ADMINISTRATE, RouteLimits.file(), blobs::receive),
            changes(Method.POST, "/api/copy", names::copy),
            changes(Method.POST, "/api/create", creations::create),
            changes(Method.DELETE, "/api/delete", names::delete),
            changes(Method.POST, "/api/pull", pulls::pull),
            changes(
                Method.POST,
                "/api/push",
                refuse(Params.unsupported("push", "This server sends no models anywhere.")))));
    return new Api(routes, new OllamaProblems(json));
  }

  private List<Route> asking() {
    return List.of(
        post("/api/chat", exchange -> answer(exchange, AnswerLines.Shape.CHAT)),
        post("/api/generate", exchange -> answer(exchange, AnswerLines.Shape.GENERATE)),
        post("/api/embed", this::embed),
        post("/api/embeddings", this::embeddings),
        new Route(
            Method.POST, "/api/show", Permission.SEE, RouteLimits.body(maxBodyBytes), this::show));
  }

  private static Route.Handler refuse(Problem problem) {
    return _ -> {
      throw problem;
    };
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.SEE, RouteLimits.NO_BODY, handler);
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private Route changes(Method method, String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(method, path, Permission.ADMINISTRATE, limits, handler);
  }

  private void answer(Exchange exchange, AnswerLines.Shape shape) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Ask ask =
          exchange.readObject(
              NOTHING,
              body -> {
                if (!Boolean.FALSE.equals(body.get("stream"))) {
                  String model = String.valueOf(body.getOrDefault("model", ""));
                  byte[] ping = AnswerLines.silence(json, model, shape, clock);
                  use.onLoad(
                      LoadNews.pings(
                          exchange, EventStream.Framing.LINES, out -> out.pingWith(ping)));
                }
                return switch (shape) {
                  case CHAT -> reader.chat(body, use);
                  case GENERATE -> reader.generate(body, use);
                };
              });
      AnswerLines lines = new AnswerLines(json, ask, shape, clock);
      if (ask.request().isEmpty()) {
        sendLoaded(exchange, lines.loaded());
      } else {
        answers.answer(List.of(ask.request().get()), ask.stream(), lines, exchange);
      }
    }
  }

  /** What can be asked for without a connection that waits, by its path. */
  public Map<String, Endpoint> endpoints() {
    return Map.of(
        "/api/chat", (body, work) -> detached(body, work, AnswerLines.Shape.CHAT),
        "/api/generate", (body, work) -> detached(body, work, AnswerLines.Shape.GENERATE));
  }

  private byte[] detached(Map<String, Object> body, DetachedWork work, AnswerLines.Shape shape)
      throws InterruptedException {
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      Ask ask =
          switch (shape) {
            case CHAT -> reader.chat(body, use);
            case GENERATE -> reader.generate(body, use);
          };
      AnswerLines lines = new AnswerLines(json, ask, shape, clock);
      return ask.request().isEmpty()
          ? lines.loaded()
          : answers.detached(List.of(ask.request().get().of(work)), lines);
    }
  }

  /** One object whatever {@code stream} says, and the last line where pings have begun a stream. */
  private static void sendLoaded(Exchange exchange, byte[] loaded) {
    if (exchange.stream().isEmpty()) {
      exchange.send(200, JSON, loaded);
      return;
    }
    try (EventStream out = exchange.startStream(EventStream.Framing.LINES)) {
      out.send(loaded);
    }
  }

  private void embed(Exchange exchange) throws InterruptedException {
    long begin = System.nanoTime();
    try (Models.Use use = models.use(exchange)) {
      EmbedReader.Ask ask = exchange.readObject(NOTHING, body -> embeds.read(body, "input", use));
      List<float[]> found = vectors.of(exchange, ask.wish(true), Terms.USUAL);
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("model", ask.model());
      body.put("embeddings", found.stream().map(ask.kind()::cut).map(OllamaApi::list).toList());
      body.put("total_duration", System.nanoTime() - begin);
      body.put("load_duration", ask.loadNanos());
      body.put("prompt_eval_count", ask.texts().stream().mapToInt(ids -> ids.length).sum());
      if (ask.cut() > 0) {
        body.put("truncated_inputs", ask.cut());
      }
      exchange.send(200, JSON, json.bytes(body));
    }
  }

  /** The older route: one text, and its vector as long as it comes. */
  private void embeddings(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      EmbedReader.Ask ask = exchange.readObject(NOTHING, body -> embeds.read(body, "prompt", use));
      if (ask.texts().size() != 1) {
        throw Params.invalidValue("prompt", "'prompt' is one text; /api/embed takes several.");
      }
      List<float[]> found = vectors.of(exchange, ask.wish(false), Terms.USUAL);
      exchange.send(200, JSON, json.bytes(Map.of("embedding", list(found.getFirst()))));
    }
  }

  private static List<Float> list(float[] vector) {
    List<Float> list = new ArrayList<>(vector.length);
    for (float x : vector) {
      list.add(x);
    }
    return list;
  }

  private void show(Exchange exchange) throws InterruptedException {
    String name =
        exchange.readObject(
            NOTHING,
            json -> {
              Fields body = new Fields(table, OllamaFields.SHOW, "", json);
              String model = body.string("model").orElseThrow(() -> Params.missing("model"));
              body.settle(false);
              return model;
            });
    Status status = models.seenBy(exchange).find(name).status();
    exchange.send(200, JSON, json.bytes(cards.show(status, presets.of(name))));
  }

  private void version(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(Map.of("version", VERSION)));
  }
}
