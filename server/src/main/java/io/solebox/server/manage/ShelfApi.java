package io.solebox.server.manage;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
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
import io.solebox.server.library.ModelRecipe;
import io.solebox.server.library.ModelSettings;
import io.solebox.server.library.Suggestion;
import io.solebox.server.models.Models;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What administrators see of models, whoever may use them: those that are there, with their sizes;
 * those that could be fetched; and a file of theirs that becomes one.
 */
public final class ShelfApi {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;
  private final Optional<ModelLibrary> library;

  /**
   * @param library without which there is nothing to fetch, and no place for files
   */
  public ShelfApi(JsonWriter json, Models models, Optional<ModelLibrary> library) {
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
            get("/admin/shelf", this::list),
            get("/admin/catalogue", this::catalogue),
            new Route(
                Method.POST,
                "/admin/shelf/import",
                Permission.ADMINISTRATE,
                RouteLimits.file(),
                this::receive)),
        problems);
  }

  private static Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private void list(Exchange exchange) {
    Map<String, Object> list = list(models.everything().stream().map(this::described).toList());
    list.put("fetches", library.isPresent());
    exchange.send(200, JSON, json.bytes(list));
  }

  private Map<String, Object> described(Status status) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", status.name());
    fields.putAll(models.state(status));
    Optional<KeptModel> kept = models.kept(status);
    fields.put("kept", kept.isPresent());
    if (status.state() instanceof ModelState.Ready ready) {
      fields.put("holds", ready.model().memory().stream().map(RunningApi::holding).toList());
    }
    kept.ifPresent(
        model -> {
          fields.put("bytes", model.bytes());
          fields.put("format", model.format());
          fields.put("architecture", model.architecture());
          model.parameters().ifPresent(n -> fields.put("parameters", n));
          fields.put("keeps", model.pinned());
          fields.put("changed", model.changed().toString());
        });
    return fields;
  }

  private void catalogue(Exchange exchange) {
    var suggestions = library().suggestions(isIdle()).stream().map(ShelfApi::suggested).toList();
    exchange.send(200, JSON, json.bytes(list(suggestions)));
  }

  private boolean isIdle() {
    return models.everything().stream()
        .noneMatch(
            status ->
                status.state() instanceof ModelState.Loading
                    || !models.metrics().answers(status.name()).isEmpty());
  }

  private static Map<String, Object> suggested(Suggestion model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("pull", model.pull());
    fields.put("name", model.name());
    fields.put("title", model.title());
    fields.put("class", model.sizeClass());
    fields.put("uses", model.uses());
    fields.put("license", model.licence());
    fields.put("gated", model.gated());
    fields.put("parameters", model.parameters());
    fields.put("context_tokens", model.context());
    fields.put("format", model.format());
    fields.put("bytes", model.bytes());
    model.neededBytes().ifPresent(n -> fields.put("needed_bytes", n));
    fields.put("fits", model.fits());
    model.tokensPerSecond().ifPresent(n -> fields.put("tokens_per_second", n));
    return fields;
  }

  /** Takes a GGUF file as it comes, and makes a model of it. */
  private void receive(Exchange exchange) throws InterruptedException {
    String name =
        exchange
            .query("name")
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> Params.missing("name"));
    exchange.notes().model(name);
    String digest = library().receive(exchange::readBytes);
    var recipe =
        new ModelRecipe(
            name,
            new ModelRecipe.Origin.Files(Map.of("model.gguf", digest)),
            ModelSettings.NONE,
            Optional.empty());
    KeptModel made =
        LibraryRun.run(
            exchange, "model.import", unwanted -> library().create(recipe, new Until(unwanted)));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model", made.name());
    body.put("digest", "sha256:" + made.digest());
    body.put("bytes", made.bytes());
    exchange.send(200, JSON, json.bytes(body));
  }

  /** Ends when nobody waits any more. */
  private record Until(BooleanSupplier unwanted) implements Progress {
    @Override
    public void report(String stage, double fraction) {}

    @Override
    public boolean cancelled() {
      return unwanted.getAsBoolean();
    }
  }

  private ModelLibrary library() {
    return library.orElseThrow(
        () ->
            Params.unsupported(
                "model", "This server offers the models that it was started with, and no others."));
  }

  private static Map<String, Object> list(List<Map<String, Object>> rows) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("object", "list");
    list.put("data", rows);
    return list;
  }
}
