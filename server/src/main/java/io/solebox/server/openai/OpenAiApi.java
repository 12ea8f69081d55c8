package io.solebox.server.openai;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AnswerFormat;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.Answers;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Estimates;
import io.solebox.server.models.Models;
import io.solebox.server.models.Models.Found;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Owners;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** OpenAI's routes under {@code /v1}, and those for vectors, scores and tokens beside them. */
public final class OpenAiApi {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;
  private final Clock clock;
  private final int maxBodyBytes;
  private final Estimates estimates;
  private final OpenAiProblems problems;
  private final ChatRequests chats;
  private final CompletionRequests completions;
  private final EmbeddingsApi embeddings;
  private final RerankApi rerank;
  private final TokensApi tokens;
  private final KeptChatRoutes kept;
  private final Answers answers;

  /**
   * @param clock for templates and for the time in answers
   * @param vault empty where nothing may be kept
   * @param estimates of what loading models would mean
   */
  public OpenAiApi(
      JsonWriter json,
      Models models,
      Clock clock,
      int maxBodyBytes,
      Faults faults,
      Optional<Vault> vault,
      Estimates estimates) {
    this.json = json;
    this.models = models;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
    this.estimates = estimates;
    this.problems = new OpenAiProblems(json);
    FieldTable table = OpenAiFields.table();
    this.chats = new ChatRequests(table, clock);
    this.completions = new CompletionRequests(table);
    this.embeddings = new EmbeddingsApi(json, models, table);
    this.rerank = new RerankApi(json, models, table);
    this.tokens = new TokensApi(json, models, table, chats);
    this.kept =
        new KeptChatRoutes(json, table, maxBodyBytes, vault.map(v -> new KeptChats(v, json)));
    this.answers = new Answers(models, faults);
  }

  public Api api() {
    List<Route> routes = new ArrayList<>();
    routes.addAll(
        List.of(
            get("/v1/models", this::list),
            get("/v1/models/{name*}", this::model),
            post("/v1/chat/completions", this::chat),
            post("/chat/completions", this::chat), // as llama-server has it, too
            get("/models", this::list),
            post("/v1/chat/completions/input_tokens", tokens::count),
            post("/chat/completions/input_tokens", tokens::count),
            post("/v1/completions", this::completion),
            post("/v1/embeddings", embeddings::answer),
            post("/v1/rerank", rerank::jina),
            post("/rerank", rerank::jina),
            post("/v2/rerank", rerank::cohere),
            post("/tokenize", tokens::tokenize),
            post("/v1/tokenize", tokens::tokenize),
            post("/detokenize", tokens::detokenize),
            post("/v1/detokenize", tokens::detokenize),
            post("/apply-template", tokens::applyTemplate),
            post("/v1/apply-template", tokens::applyTemplate)));
    routes.addAll(kept.routes());
    return new Api(routes, problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.SEE, RouteLimits.NO_BODY, handler);
  }

  private Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  private void chat(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      ChatRequests.Chat chat =
          exchange.readObject(
              chats.skips(),
              body -> {
                hearLoad(exchange, "chat.completion.chunk", body, use);
                return chats.read(body, use);
              });
      CommonFields.Ask ask = chat.ask().of(exchange);
      AnswerFormat format = format(chat, ask, Owners.of(exchange));
      answers.answer(ask.requests(), ask.writing().stream(), format, exchange);
    }
  }

  /** While its model is loaded a stream tells how far that is, or is kept alive. */
  private void hearLoad(
      Exchange exchange, String object, Map<String, Object> body, Models.Use use) {
    if (!Boolean.TRUE.equals(body.get("stream"))) {
      return;
    }
    if (Boolean.TRUE.equals(body.get("return_progress"))) {
      LoadNews.Writer chunks = new LoadChunks(json, object, clock);
      use.onLoad(LoadNews.told(exchange, EventStream.Framing.EVENTS, chunks));
    } else {
      use.onLoad(LoadNews.pings(exchange));
    }
  }

  private AnswerFormat format(ChatRequests.Chat chat, CommonFields.Ask ask, String owner) {
    AnswerFormat format = new ChatFormat(json, ask, chat.legacyCalls(), clock);
    if (chat.keeping().isEmpty()) {
      return format;
    }
    ChatRequests.Keeping keeping = chat.keeping().get();
    KeptChats chats = kept.keptOf(owner);
    return new KeepingFormat(
        format,
        ask.requests().size(),
        body -> chats.save(owner, keeping.metadata(), keeping.messages(), body));
  }

  private void completion(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      CompletionRequests.Completion completion =
          exchange.readObject(
              completions.skips(),
              body -> {
                hearLoad(exchange, "text_completion", body, use);
                return completions.read(body, use);
              });
      CommonFields.Ask ask = completion.ask().of(exchange);
      AnswerFormat format = new CompletionFormat(json, ask, completion.selection(), clock);
      answers.answer(ask.requests(), ask.writing().stream(), format, exchange);
    }
  }

  /**
   * What a body of {@code /v1/chat/completions} asks for, read as there.
   *
   * @throws io.solebox.server.http.Problem 400 also if that is more than one answer
   */
  public AnswerRequest single(Map<String, Object> body, Models.Use use)
      throws InterruptedException {
    List<AnswerRequest> requests = chats.read(body, use).ask().requests();
    if (requests.size() > 1) {
      throw Params.invalidValue("n", "A message has one answer; ask again for another.");
    }
    return requests.getFirst();
  }

  /** Deletes chats that were kept. */
  public Expiry expiry() {
    return kept.expiry();
  }

  /** What batches can ask for, by its path. */
  public Map<String, Endpoint> endpoints() {
    return Map.of(
        "/v1/chat/completions",
        this::chatDetached,
        "/v1/completions",
        this::completionDetached,
        "/v1/embeddings",
        embeddings::detached);
  }

  private byte[] chatDetached(Map<String, Object> body, DetachedWork work)
      throws InterruptedException {
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      ChatRequests.Chat chat = chats.read(body, use);
      CommonFields.Ask ask = chat.ask().of(work);
      AnswerFormat format = format(chat, ask, work.terms().user());
      return answers.detached(ask.requests(), format);
    }
  }

  private byte[] completionDetached(Map<String, Object> body, DetachedWork work)
      throws InterruptedException {
    try (Models.Use use = models.use(work.notes(), work.caller())) {
      CompletionRequests.Completion completion = completions.read(body, use);
      CommonFields.Ask ask = completion.ask().of(work);
      AnswerFormat format = new CompletionFormat(json, ask, completion.selection(), clock);
      return answers.detached(ask.requests(), format);
    }
  }

  private void list(Exchange exchange) {
    List<Object> cards = new ArrayList<>();
    for (Status status : models.seenBy(exchange).all()) {
      cards.add(card(status.name(), status));
      models.aliases(status.name()).forEach(alias -> cards.add(card(alias, status)));
      for (String adapter : status.adapters()) {
        cards.add(card(new Found(status, Optional.of(adapter))));
      }
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", cards);
    exchange.send(200, JSON, json.bytes(body));
  }

  private void model(Exchange exchange) {
    String name = exchange.parameter("name");
    Found found = models.seenBy(exchange).find(name);
    String base = found.status().name();
    boolean isAlias = models.aliases(base).contains(name);
    exchange.send(200, JSON, json.bytes(isAlias ? card(name, found.status()) : card(found)));
  }

  private Map<String, Object> details(Status status) {
    Map<String, Object> more = ModelDetails.of(models, status);
    estimates.fields(status).ifPresent(estimate -> more.put("estimate", estimate));
    return more;
  }

  /** Of a model alone, or with an adapter. */
  private Map<String, Object> card(Found found) {
    Map<String, Object> more = details(found.status());
    found
        .adapter()
        .ifPresent(
            adapter -> {
              more.put("base_model", found.status().name());
              more.put("adapter", adapter);
            });
    return card(found.name(), more);
  }

  /**
   * @param id the model's name or an alias of it
   */
  private Map<String, Object> card(String id, Status status) {
    Map<String, Object> more = details(status);
    if (!id.equals(status.name())) {
      more.put("alias_of", status.name());
    }
    return card(id, more);
  }

  private Map<String, Object> card(String id, Map<String, Object> more) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("id", id);
    card.put("object", "model");
    card.put("created", models.since().getEpochSecond());
    card.put("owned_by", "solebox");
    card.put("solebox", more);
    return card;
  }
}
