package io.solebox.server.anthropic;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Answers;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.anthropic.MessageRequests.Ask;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.LimitHeaders;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Models;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The routes that speak as Anthropic's API does. {@code /v1/models} is in its words for who sends
 * the header that its clients send.
 */
public final class AnthropicApi {
  private static final String JSON = "application/json";
  private static final String VERSION = "anthropic-version";

  private final JsonWriter json;
  private final Models models;
  private final int maxBodyBytes;
  private final MessageRequests requests;
  private final Answers answers;

  /**
   * @param clock for templates
   */
  public AnthropicApi(
      JsonWriter json, Models models, Clock clock, int maxBodyBytes, Faults faults) {
    this.json = json;
    this.models = models;
    this.maxBodyBytes = maxBodyBytes;
    this.requests = new MessageRequests(AnthropicFields.table(), clock);
    this.answers = new Answers(models, faults);
  }

  public Api api() {
    return new Api(
        List.of(
            post("/v1/messages", this::message),
            post("/v1/messages/count_tokens", this::count),
            post("/v1/messages/batches", AnthropicApi::noBatches),
            get("/v1/messages/batches", AnthropicApi::noBatches),
            get("/v1/models", this::list).onlyWith(VERSION),
            get("/v1/models/{name*}", this::model).onlyWith(VERSION)),
        new AnthropicProblems(json),
        LimitHeaders.ANTHROPIC);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.SEE, RouteLimits.NO_BODY, handler);
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private void message(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Ask ask =
          exchange.readObject(
              requests.skips(),
              body -> {
                if (Boolean.TRUE.equals(body.get("stream"))) {
                  use.onLoad(
                      LoadNews.pings(
                          exchange,
                          EventStream.Framing.EVENTS,
                          out -> out.pingWith("ping", json.bytes(MessageFormat.PING))));
                }
                return requests.read(body, use);
              });
      MessageFormat format = new MessageFormat(json, ask, exchange.id());
      answers.answer(List.of(ask.request()), ask.stream(), format, exchange);
    }
  }

  /** What can be asked for without a connection that waits, by its path. */
  public Map<String, Endpoint> endpoints() {
    return Map.of("/v1/messages", this::detached);
  }

  private byte[] detached(Map<String, Object> body, DetachedWork work) throws InterruptedException {
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      Ask ask = requests.read(body, use);
      MessageFormat format = new MessageFormat(json, ask, "");
      return answers.detached(List.of(ask.request().of(work)), format);
    }
  }

  private void count(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      int tokens =
          exchange.readObject(
              requests.countSkips(), body -> requests.prompt(body, use).ids().length);
      exchange.send(200, JSON, json.bytes(Map.of("input_tokens", tokens)));
    }
  }

  private static void noBatches(Exchange exchange) {
    throw Problem.of(
        404,
        "unsupported_route",
        "%s is not there. /v1/batches takes requests for /v1/chat/completions."
            .formatted(exchange.path()));
  }

  private void list(Exchange exchange) {
    List<Object> cards = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Status status : models.seenBy(exchange).all()) {
      List<String> own = new ArrayList<>(List.of(status.name()));
      own.addAll(models.aliases(status.name()));
      status.adapters().forEach(adapter -> own.add(Models.nameOf(status, adapter)));
      own.forEach(name -> cards.add(card(name, status)));
      names.addAll(own);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("data", cards);
    body.put("has_more", false);
    body.put("first_id", names.isEmpty() ? null : names.getFirst());
    body.put("last_id", names.isEmpty() ? null : names.getLast());
    exchange.send(200, JSON, json.bytes(body));
  }

  private void model(Exchange exchange) {
    String name = exchange.parameter("name");
    Models.Found found = models.seenBy(exchange).find(name);
    boolean alias = models.aliases(found.status().name()).contains(name);
    exchange.send(200, JSON, json.bytes(card(alias ? name : found.name(), found.status())));
  }

  private Map<String, Object> card(String id, Status status) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("type", "model");
    card.put("id", id);
    card.put("display_name", id);
    card.put("created_at", models.since().truncatedTo(ChronoUnit.SECONDS).toString());
    card.put("lifecycle", "active");
    if (status.state() instanceof ModelState.Ready ready) {
      card.put("max_input_tokens", ready.model().contextTokens());
      card.put("max_tokens", ready.model().contextTokens());
    }
    card.put("solebox", models.state(status));
    return card;
  }
}
