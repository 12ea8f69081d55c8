package io.solebox.server.models;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.ModelRegistry;
import io.solebox.server.ModelRegistry.Entry;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The models as requests see them: found by name, full or not, well or not. */
public final class Models {
  private final ModelRegistry registry;
  private final ModelNames names;
  private final WaitingRoom waitingRoom;
  private final Troubles troubles = new Troubles();

  /**
   * @param maxWaiting answers that may wait for a model
   */
  public Models(ModelRegistry registry, ModelNames names, int maxWaiting, Counters counters) {
    this.registry = registry;
    this.names = names;
    this.waitingRoom = new WaitingRoom(maxWaiting, counters);
  }

  /** A model that can answer, by its name. */
  public record Named(String name, LoadedModel model) {}

  /**
   * The model that a request names. Without a name, or with an empty one, it is the only one there
   * is.
   *
   * @throws Problem 400 if one must be named, 404 if unknown, 503 with progress while it loads
   */
  public Named select(Optional<String> name) {
    Optional<String> asked = name.filter(text -> !text.isBlank());
    if (asked.isEmpty() && registry.entries().size() != 1) {
      throw Problem.of(400, "missing_required_parameter", "Missing required parameter: 'model'.")
          .withParam("model");
    }
    Entry entry = asked.isPresent() ? find(asked.get()) : registry.entries().getFirst();
    return switch (entry.state()) {
      case ModelRegistry.Ready ready -> new Named(entry.name(), ready.model());
      case ModelRegistry.Loading(String stage, double fraction) ->
          throw stillLoading(entry.name(), stage, fraction);
      case ModelRegistry.Failed(var error) ->
          throw Problem.of(
                  500,
                  error.code().wireName(),
                  "The model '%s' could not be loaded: %s"
                      .formatted(entry.name(), error.explanation()))
              .withParam("model");
    };
  }

  private static Problem stillLoading(String name, String stage, double fraction) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("progress", fraction);
    details.put("stage", stage);
    String message =
        "The model '%s' is still loading: %s, %d %%."
            .formatted(name, stage, (int) (100 * fraction));
    return Problem.of(503, "model_loading", message)
        .withParam("model")
        .withDetails(details)
        .withRetryAfter(fraction < 0.5 ? 5 : 2);
  }

  /**
   * @throws Problem 404 with the names that there are
   */
  public Entry find(String name) {
    List<String> own = registry.entries().stream().map(Entry::name).toList();
    return names
        .find(name, own)
        .flatMap(registry::find)
        .orElseThrow(
            () ->
                Problem.of(
                        404,
                        "model_not_found",
                        "The model '%s' does not exist. This server has: %s."
                            .formatted(name, String.join(", ", own)))
                    .withParam("model"));
  }

  /** All models, in the order of their registration. */
  public List<Entry> entries() {
    return registry.entries();
  }

  /** The further names of a model. */
  public List<String> aliases(String model) {
    return names.aliases().entrySet().stream()
        .filter(alias -> alias.getValue().equals(model))
        .map(Map.Entry::getKey)
        .toList();
  }

  /**
   * Counts an answer of a model until the result is closed.
   *
   * @throws Problem 429 if too many wait for it
   */
  public Registration enter(Named named) {
    return waitingRoom.enter(named.name(), named.model());
  }

  /** An answer is complete. */
  public void answered(Named named) {
    troubles.answered(named.name());
  }

  /** An answer broke off. */
  public void failed(Named named, SoleboxException error) {
    troubles.failed(named.name(), error);
  }

  /** How far a model is, and what is wrong with it, as answers of the API tell it. */
  public Map<String, Object> state(Entry entry) {
    Map<String, Object> state = new LinkedHashMap<>();
    switch (entry.state()) {
      case ModelRegistry.Ready ready -> {
        Optional<SoleboxException> trouble = trouble(entry.name(), ready);
        state.put("state", trouble.isPresent() ? "failing" : "ready");
        trouble.ifPresent(error -> state.put("code", error.code().wireName()));
      }
      case ModelRegistry.Loading(String stage, double fraction) -> {
        state.put("state", "loading");
        state.put("stage", stage);
        state.put("fraction", fraction);
      }
      case ModelRegistry.Failed(var error) -> {
        state.put("state", "failed");
        state.put("code", error.code().wireName());
      }
    }
    return state;
  }

  private Optional<SoleboxException> trouble(String name, ModelRegistry.Ready ready) {
    return ready.condition().trouble().or(() -> troubles.of(name));
  }

  /**
   * What {@code /health} says: {@code ok} if models answer, {@code failing} if one that is loaded
   * does not, {@code loading} with the fraction of all, {@code failed} if none is there and none
   * will be, {@code draining}.
   */
  public Health health(boolean draining) {
    List<Entry> entries = registry.entries();
    String status = draining ? "draining" : status(entries);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("fraction", entries.stream().mapToDouble(Models::fraction).average().orElse(0));
    body.put("models", entries.stream().map(this::named).collect(Collectors.toList()));
    return new Health(status.equals("ok"), body);
  }

  private Map<String, Object> named(Entry entry) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("id", entry.name());
    model.putAll(state(entry));
    return model;
  }

  private String status(List<Entry> entries) {
    boolean ready = false;
    boolean loading = false;
    for (Entry entry : entries) {
      switch (entry.state()) {
        case ModelRegistry.Ready state -> {
          if (trouble(entry.name(), state).isPresent()) {
            return "failing";
          }
          ready = true;
        }
        case ModelRegistry.Loading _ -> loading = true;
        case ModelRegistry.Failed _ -> {}
      }
    }
    return ready ? "ok" : loading ? "loading" : "failed";
  }

  /**
   * What {@code /health} answers.
   *
   * @param ok whether requests are answered
   */
  public record Health(boolean ok, Map<String, Object> body) {}

  private static double fraction(Entry entry) {
    return switch (entry.state()) {
      case ModelRegistry.Ready _ -> 1;
      case ModelRegistry.Loading loading -> loading.fraction();
      case ModelRegistry.Failed _ -> 0;
    };
  }
}
