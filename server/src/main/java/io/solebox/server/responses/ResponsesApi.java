package io.solebox.server.responses;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Answers;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.knowledge.Lookup;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import io.solebox.storage.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes of responses and conversations, as OpenAI's API has them. */
public final class ResponsesApi implements AutoCloseable {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;
  private final Clock clock;
  private final int maxBodyBytes;
  private final Answers answers;
  private final Optional<Vault> vault;
  private final Optional<ResponseStore> store;
  private final Optional<BackgroundResponses> background;
  private final ResponseRequests requests;
  private final EventReading reading;
  private final JsonSkips skips;

  /**
   * @param observers hear of responses in the background
   * @param vault empty where nothing may be kept
   * @param lookup of passages of documents
   */
  public ResponsesApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Faults faults,
      Observers observers,
      Optional<Vault> vault,
      Lookup lookup) {
    this(
        json,
        models,
        clock,
        maxBodyBytes,
        faults,
        observers,
        vault,
        Optional.empty(),
        Optional.of(lookup));
  }

  private ResponsesApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Faults faults,
      Observers observers,
      Optional<Vault> vault,
      Optional<History> told,
      Optional<Lookup> lookup) {
    this.json = json;
    this.reading = new EventReading(json);
    this.models = models;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
    this.answers = new Answers(models, faults);
    this.vault = vault;
    this.store = vault.map(v -> new ResponseStore(v, json, clock));
    this.background =
        store.map(kept -> new BackgroundResponses(json, models, faults, clock, kept, observers));
    FieldTable table = ResponseFields.table();
    History history = told.orElseGet(() -> new KeptHistory(store));
    this.requests = new ResponseRequests(table, clock, store, history, lookup);
    this.skips = ResponseFields.skips(table);
    store.ifPresent(ResponseStore::failUnfinished);
  }

  /** The endpoint of a server that keeps nothing, and is told what requests go on from. */
  public static Endpoint told(
      JsonWriter json, Models models, Clock clock, Faults faults, EarlierTurns earlier) {
    int noBodies = 0;
    return new ResponsesApi(
            json,
            models,
            clock,
            noBodies,
            faults,
            new Observers(),
            Optional.empty(),
            Optional.of(earlier),
            Optional.empty())
        ::detached;
  }

  /**
   * @param problems how errors are worded outside of streams
   */
  public Api api(Api.ProblemWriter problems) {
    List<Route> routes = new ArrayList<>();
    routes.add(post("/v1/responses", this::create));
    routes.add(get("/v1/responses/{id}", this::get));
    routes.add(route(Method.DELETE, "/v1/responses/{id}", this::delete));
    routes.add(post("/v1/responses/{id}/cancel", this::cancel));
    routes.add(get("/v1/responses/{id}/input_items", this::inputItems));
    routes.add(post("/v1/responses/input_tokens", this::inputTokens));
    routes.addAll(new ConversationRoutes(json, maxBodyBytes, store).routes());
    return new Api(routes, new ResponseProblems(json, problems));
  }

  static Route get(String path, Route.Handler handler) {
    return route(Method.GET, path, handler);
  }

  static Route route(Method method, String path, Route.Handler handler) {
    return new Route(method, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private void create(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    Models.Use use = models.use(exchange);
    boolean handedOver = false;
    try {
      ResponseAsk ask =
          exchange.readObject(
              skips,
              body -> {
                if (Boolean.TRUE.equals(body.get("stream"))) {
                  use.onLoad(LoadNews.pings(exchange));
                }
                return requests.read(body, owner, use).of(exchange);
              });
      if (ask.background()) {
        Map<String, Object> begun = background.orElseThrow().begin(ask, exchange, use);
        handedOver = true;
        if (ask.stream()) {
          stream((String) begun.get("id"), owner, -1, exchange);
        } else {
          exchange.send(200, JSON, json.bytes(begun));
        }
      } else {
        ResponseFormat format =
            new ResponseFormat(json, ask, clock, body -> keep(owner, ask, body));
        answers.answer(List.of(ask.answer()), ask.stream(), format, exchange);
      }
    } finally {
      if (!handedOver) {
        use.close();
      }
    }
  }

  /**
   * Answers a line of a batch; it is kept as any response.
   *
   * @param work whose user is the owner
   */
  public byte[] detached(Map<String, Object> body, DetachedWork work) throws InterruptedException {
    String owner = work.terms().user();
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      ResponseAsk ask = requests.read(body, owner, use).of(work);
      ResponseFormat format = new ResponseFormat(json, ask, clock, made -> keep(owner, ask, made));
      return answers.detached(List.of(ask.answer()), format);
    }
  }

  /** The events of a response that was asked for in the background. */
  private void stream(String id, String owner, long after, Exchange exchange)
      throws InterruptedException {
    // In this order: one that ends meanwhile has all of its events in the store.
    Optional<EventLog> events = background.flatMap(running -> running.events(id, owner));
    if (events.isPresent()) {
      reading.follow(events.get(), after, exchange);
      return;
    }
    ResponseStore keeps = store.orElseThrow(() -> Stored.notFound("response", id));
    KeptResponse kept = keeps.find(id, owner).orElseThrow(() -> Stored.notFound("response", id));
    if (!ResponseBody.isOver(kept.body())) {
      throw Params.unsupported(
          "stream",
          "This response was not asked for as a stream, or is not computed by this server; ask for"
              + " it without.");
    }
    reading.replay(keeps.events(), kept.body(), after, exchange);
  }

  private void keep(String owner, ResponseAsk ask, Map<String, Object> body) {
    if (ask.store()) {
      save(owner, ask, body);
    } else if (ask.conversation().isPresent()
        && store.isPresent() // else it was told, and goes on nowhere
        && ResponseBody.isComplete(body)) {
      List<Map<String, Object>> items = new ArrayList<>(ask.input());
      items.addAll(ResponseBody.output(body));
      store.get().conversations().add(ask.conversation().get(), owner, items);
    }
  }

  /** One whose conversation does not take it any more has failed, and is kept so. */
  private void save(String owner, ResponseAsk ask, Map<String, Object> body) {
    try {
      store.orElseThrow().save(owner, ask, body);
    } catch (Problem e) {
      store.orElseThrow().save(owner, ask, ResponseBody.failed(body, e));
      throw e;
    }
  }

  private KeptResponse kept(Exchange exchange) {
    String id = exchange.parameter("id");
    return store
        .flatMap(s -> s.find(id, Owners.of(exchange)))
        .orElseThrow(() -> Stored.notFound("response", id));
  }

  private void get(Exchange exchange) throws InterruptedException {
    String stream = exchange.query("stream").orElse("false");
    if (!stream.equals("true") && !stream.equals("false")) {
      throw Params.invalidValue("stream", "'stream' must be true or false.");
    }
    if (stream.equals("true")) {
      long after = EventReading.startingAfter(exchange);
      stream(exchange.parameter("id"), Owners.of(exchange), after, exchange);
    } else {
      exchange.send(200, JSON, json.bytes(kept(exchange).body()));
    }
  }

  private void delete(Exchange exchange) throws InterruptedException {
    String id = exchange.parameter("id");
    end(exchange);
    // It is not read before: what is damaged can be deleted.
    if (store.isEmpty() || !store.get().delete(id, Owners.of(exchange))) {
      throw Stored.notFound("response", id);
    }
    exchange.send(
        200,
        JSON,
        json.bytes(ResponseBody.ordered("id", id, "object", "response", "deleted", true)));
  }

  /**
   * Ends one that runs, before anything is asked of what is kept: it ends also where that cannot be
   * read.
   *
   * @return whether it ran
   */
  private boolean end(Exchange exchange) throws InterruptedException {
    return background.isPresent()
        && background.get().cancel(exchange.parameter("id"), Owners.of(exchange));
  }

  private void cancel(Exchange exchange) throws InterruptedException {
    boolean running = end(exchange);
    KeptResponse kept = kept(exchange);
    if (!running && !ResponseBody.isOver(kept.body())) {
      throw Problem.of(400, "invalid_value", "Only a response in the background can be cancelled.");
    }
    exchange.send(200, JSON, json.bytes(kept.body()));
  }

  private void inputItems(Exchange exchange) {
    List<Map<String, Object>> items = kept(exchange).input();
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, items)));
  }

  private void inputTokens(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      ResponseAsk ask =
          exchange.readObject(skips, body -> requests.read(body, Owners.of(exchange), use));
      int tokens = ask.answer().prompt().ids().length;
      exchange.send(
          200,
          JSON,
          json.bytes(
              ResponseBody.ordered("object", "response.input_tokens", "input_tokens", tokens)));
    }
  }

  /** Deletes responses, conversations that nobody uses, and events in any case. */
  public Expiry expiry() {
    return (deadlines, _) -> vault.map(its -> expire(its, deadlines)).orElse(Map.of());
  }

  private Map<String, Integer> expire(Vault its, Deadlines deadlines) {
    ResponseStore kept = store.orElseThrow();
    Database database = its.database();
    Map<String, Integer> gone = new HashMap<>();
    gone.put("streams of responses", kept.events().deleteOld());
    gone.put("responses", Owners.expire(database, "response", deadlines, kept::deleteBefore));
    gone.put(
        "conversations",
        Owners.expire(database, "conversation", deadlines, kept.conversations()::deleteBefore));
    return gone;
  }

  /** Breaks off what runs in the background. */
  @Override
  public void close() {
    background.ifPresent(BackgroundResponses::close);
  }
}
