package io.solebox.server.batches;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.Lifetime;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Globs;
import io.solebox.server.http.Method;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Metadata;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;

/** {@code /v1/batches}, as OpenAI's API has it. */
public final class BatchesApi implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final String ONE = "/v1/batches/{id}";
  private static final long WINDOW_SECONDS = 24L * 3600;
  private static final Duration LINE_PATIENCE = Duration.ofSeconds(10);

  private final JsonWriter json;
  private final Clock clock;
  private final int maxBodyBytes;
  private final Map<String, Endpoint> endpoints;
  private final Function<String, Caller> owners;
  private final FieldTable table =
      FieldTable.read(BatchesApi.class.getResourceAsStream("fields.txt"));
  private final Optional<Kept> kept;

  /** Where batches are kept and run. */
  private record Kept(BatchStore store, FileStore files, BatchRunner runner) {}

  /**
   * Goes on with batches that an earlier process has left.
   *
   * @param endpoints that batches can name, by path
   * @param owners by what is kept for them
   * @param observers hear of each line
   * @param problems how errors are worded
   * @param vault empty where nothing may be kept, as {@code files}
   */
  public BatchesApi(
      JsonWriter json,
      Clock clock,
      int maxBodyBytes,
      Map<String, Endpoint> endpoints,
      Function<String, Caller> owners,
      Faults faults,
      Observers observers,
      Api.ProblemWriter problems,
      Optional<Vault> vault,
      Optional<FileStore> files) {
    this.json = json;
    this.clock = clock;
    this.maxBodyBytes = maxBodyBytes;
    this.endpoints = endpoints;
    this.owners = owners;
    this.kept =
        vault.map(
            v -> {
              BatchStore store = new BatchStore(v, json);
              BatchRunner runner =
                  new BatchRunner(
                      store,
                      files.orElseThrow(),
                      new BatchLines(
                          endpoints, owners, json, problems, faults, observers, LINE_PATIENCE),
                      maxBodyBytes,
                      faults,
                      clock);
              return new Kept(store, files.orElseThrow(), runner);
            });
  }

  /**
   * @param problems how errors are worded
   */
  public Api api(Api.ProblemWriter problems) {
    RouteLimits body = RouteLimits.body(maxBodyBytes);
    return new Api(
        List.of(
            new Route(Method.POST, "/v1/batches", Permission.USE_MODELS, body, this::create),
            route(Method.GET, "/v1/batches", this::list),
            route(Method.GET, ONE, this::get),
            new Route(Method.POST, ONE + "/cancel", Permission.USE_MODELS, body, this::cancel)),
        problems);
  }

  private static Route route(Method method, String path, Route.Handler handler) {
    return new Route(method, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  private Kept kept() {
    return kept.orElseThrow(
        () ->
            Problem.of(
                400,
                "unsupported_parameter",
                "This server was started with --no-store: it keeps nothing."));
  }

  private void create(Exchange exchange) throws InterruptedException {
    Batch batch =
        exchange.readObject(JsonSkips.NONE, body -> read(body, exchange.caller().orElseThrow()));
    requireScope(exchange, batch);
    kept().store().save(batch);
    kept().runner().look();
    exchange.send(200, JSON, json.bytes(batch.body()));
  }

  /** Lines are answered as their owner's own: a key for less would get more by way of them. */
  private void requireScope(Exchange exchange, Batch batch) {
    Caller caller = exchange.caller().orElseThrow();
    String endpoint = batch.order().endpoint();
    Globs models = owners.apply(caller.owner()).rights().models();
    if (!caller.rights().models().equals(models)
        || !caller.rights().scope().covers(Permission.USE_MODELS, endpoint)) {
      throw Problem.of(
          403,
          "not_allowed",
          "This key is for some models or requests alone, and lines of batches may be for any.");
    }
  }

  private Batch read(Map<String, Object> object, Caller caller) {
    Fields body = new Fields(table, "batch", "", object);
    String input = body.string("input_file_id").orElseThrow(() -> Params.missing("input_file_id"));
    String endpoint = body.string("endpoint").orElseThrow(() -> Params.missing("endpoint"));
    if (!endpoints.containsKey(endpoint)) {
      throw Params.invalidValue(
          "endpoint",
          "'endpoint' is '%s', but must be one of %s."
              .formatted(
                  Texts.abbreviated(endpoint),
                  String.join(", ", new TreeSet<>(endpoints.keySet()))));
    }
    if (!body.string("completion_window").orElse("24h").equals("24h")) {
      throw Params.invalidValue("completion_window", "'completion_window' must be '24h'.");
    }
    Map<String, Object> metadata = body.raw("metadata").map(Metadata::of).orElse(Map.of());
    Optional<Long> lifetime =
        body.object("output_expires_after", "output_expires_after").map(Lifetime::of);
    body.settle(false);
    FileStore.StoredFile file =
        kept()
            .files()
            .find(input, caller.owner())
            .orElseThrow(
                () ->
                    Params.invalidValue(
                        "input_file_id",
                        "There is no file '%s'.".formatted(Texts.abbreviated(input))));
    if (!file.purpose().equals("batch")) {
      throw Params.invalidValue(
          "input_file_id", "The file was sent for '%s', not 'batch'.".formatted(file.purpose()));
    }
    long now = clock.instant().getEpochSecond();
    Batch.Order order =
        new Batch.Order(
            "batch_" + UUID.randomUUID().toString().replace("-", ""),
            caller.owner(),
            endpoint,
            input,
            metadata,
            caller.wantsReceipts(),
            lifetime);
    return Batch.of(order, now, now + WINDOW_SECONDS);
  }

  private Batch found(Exchange exchange) {
    String id = exchange.parameter("id");
    Batch batch =
        kept()
            .store()
            .find(id)
            .filter(each -> each.owner().equals(Owners.of(exchange)))
            .orElseThrow(
                () ->
                    Problem.of(
                        404,
                        "not_found",
                        "There is no batch '%s'.".formatted(Texts.abbreviated(id))));
    return counted(batch);
  }

  /** With the answers that there are so far. */
  private Batch counted(Batch batch) {
    return batch.status().isOver()
        ? batch
        : batch.withAnswered(
            kept().store().count(batch.id(), false), kept().store().count(batch.id(), true));
  }

  private void get(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(found(exchange).body()));
  }

  private void list(Exchange exchange) {
    List<Map<String, Object>> batches =
        kept().store().all(Owners.of(exchange)).stream()
            .map(batch -> counted(batch).body())
            .toList();
    exchange.send(200, JSON, json.bytes(Pages.of(exchange, batches)));
  }

  private void cancel(Exchange exchange) {
    long now = clock.instant().getEpochSecond();
    Batch cancelling = kept().store().update(found(exchange).id(), batch -> cancelled(batch, now));
    kept().runner().look();
    exchange.send(200, JSON, json.bytes(cancelling.body()));
  }

  private static Batch cancelled(Batch batch, long now) {
    if (batch.status().isOver()) {
      throw Problem.of(
          409, "batch_is_over", "The batch is '%s' already.".formatted(batch.status().word()));
    }
    return batch.with(Status.CANCELLING, now);
  }

  /** Deletes batches that are over. */
  public Expiry expiry() {
    return (deadlines, _) ->
        kept.map(its -> Map.of("batches", its.store().expire(deadlines))).orElse(Map.of());
  }

  /** Leaves what runs to the next start. */
  @Override
  public void close() {
    kept.ifPresent(each -> each.runner().close());
  }
}
