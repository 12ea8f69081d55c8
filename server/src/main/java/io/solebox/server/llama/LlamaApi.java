package io.solebox.server.llama;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.Answers;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.VectorKind;
import io.solebox.server.answers.Vectors;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.llama.CompletionReader.Ask;
import io.solebox.server.models.Models;
import io.solebox.server.models.Ongoing;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes that llama-server has of its own, for programs made for it. */
public final class LlamaApi {
  private static final String JSON = "application/json";
  private static final JsonSkips NOTHING = JsonSkips.of(List.of());

  private final JsonWriter json;
  private final Models models;
  private final int maxBodyBytes;
  private final FieldTable table = LlamaFields.table();
  private final CompletionReader reader = new CompletionReader(table);
  private final Answers answers;
  private final Vectors vectors;

  public LlamaApi(JsonWriter json, Models models, int maxBodyBytes, Faults faults) {
    this.json = json;
    this.models = models;
    this.maxBodyBytes = maxBodyBytes;
    this.answers = new Answers(models, faults);
    this.vectors = new Vectors(models);
  }

  public Api api() {
    return new Api(
        List.of(
            post("/completion", this::completion),
            post("/completions", this::completion),
            post("/infill", this::infill),
            post("/embedding", this::embedding),
            post("/embeddings", this::embedding),
            get("/props", this::props),
            get("/slots", this::slots),
            get("/lora-adapters", this::adapters)),
        new LlamaProblems(json));
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.SEE, RouteLimits.NO_BODY, handler);
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private void completion(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      answer(
          exchange,
          exchange.readObject(NOTHING, body -> reader.completion(heard(exchange, body, use), use)));
    }
  }

  private void infill(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      answer(
          exchange,
          exchange.readObject(NOTHING, body -> reader.infill(heard(exchange, body, use), use)));
    }
  }

  /** The body of a request, whose stream is kept alive while its model is loaded. */
  private static Map<String, Object> heard(
      Exchange exchange, Map<String, Object> body, Models.Use use) {
    if (Boolean.TRUE.equals(body.get("stream"))) {
      use.onLoad(LoadNews.pings(exchange));
    }
    return body;
  }

  private void answer(Exchange exchange, Ask ask) throws InterruptedException {
    CompletionParts parts = new CompletionParts(json, ask);
    answers.answer(ask.requests(), ask.stream(), parts, exchange);
  }

  /** Texts, and the kind of vectors that a model makes. */
  private record Wish(Models.Named named, VectorKind kind, List<int[]> texts) {}

  private void embedding(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Wish wish =
          exchange.readObject(
              NOTHING, body -> wish(new Fields(table, LlamaFields.EMBEDDING, "", body), use));
      List<float[]> found =
          vectors.of(
              exchange,
              new Vectors.Wish(wish.named(), wish.texts(), "content", wish.kind().pooling(), true),
              Terms.USUAL);
      List<Object> list = new ArrayList<>();
      for (float[] vector : found) {
        List<Float> numbers = new ArrayList<>(vector.length);
        for (float x : vector) {
          numbers.add(x);
        }
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("index", list.size());
        one.put("embedding", List.of(numbers));
        list.add(one);
      }
      exchange.send(200, JSON, json.bytes(list));
    }
  }

  private Wish wish(Fields body, Models.Use use) throws InterruptedException {
    List<String> texts = reader.contents(body);
    Models.Named named = use.select(body.string("model"), Optional.empty());
    body.settle(body.flag("strict"));
    List<int[]> ids =
        texts.stream()
            .map(text -> named.model().tokenizer().encode(text, Specials.AS_TEXT, true))
            .toList();
    return new Wish(named, VectorKind.of(named), ids);
  }

  private void props(Exchange exchange) {
    Status status = looked(exchange);
    LoadedModel model = loaded(status);
    int running = models.metrics().running(status.name()).size();
    exchange.send(200, JSON, json.bytes(ServerProps.props(status.name(), model, running)));
  }

  /**
   * The model that a request names, or the first that is loaded, or the only one. Whoever only
   * looks, and that every few seconds, loads nothing.
   */
  private Status looked(Exchange exchange) {
    Models.Seen seen = models.seenBy(exchange);
    return seen.find(exchange.query("model").or(seen::usual)).status();
  }

  private static LoadedModel loaded(Status status) {
    if (status.state() instanceof ModelState.Ready ready) {
      return ready.model();
    }
    throw Problem.of(
        503,
        "model_not_loaded",
        "The model '%s' is not loaded. A request for an answer loads it, and /models/load does."
            .formatted(status.name()));
  }

  /** Requests name the adapter that they want, so that none has a scale of its own. */
  private void adapters(Exchange exchange) {
    List<Object> list = new ArrayList<>();
    Models.Seen seen = models.seenBy(exchange);
    for (String name : seen.find(seen.usual()).status().adapters()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("id", list.size());
      one.put("path", name);
      one.put("scale", 0.0);
      list.add(one);
    }
    exchange.send(200, JSON, json.bytes(list));
  }

  private void slots(Exchange exchange) {
    Status status = looked(exchange);
    LoadedModel model = loaded(status);
    List<Ongoing> running = models.metrics().running(status.name());
    exchange.send(200, JSON, json.bytes(ServerProps.slots(model, running)));
  }
}
