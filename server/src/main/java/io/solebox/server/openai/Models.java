package io.solebox.server.openai;

import io.solebox.engine.api.LoadedModel;
import io.solebox.server.ModelRegistry;
import io.solebox.server.ModelRegistry.Entry;
import io.solebox.server.error.ApiError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code /v1/models} and {@code /health}, and the choice of a request's model. */
public final class Models {
  private final ModelRegistry registry;

  public Models(ModelRegistry registry) {
    this.registry = registry;
  }

  /** A model that can answer, by its name. */
  record Named(String name, LoadedModel model) {}

  /**
   * The model that a request names. Without a name it is the only one there is.
   *
   * @throws ApiError 404 if unknown, 503 with progress while it loads
   */
  Named select(Fields body) {
    Optional<String> name = body.string("model");
    if (name.isEmpty() && registry.entries().size() != 1) {
      throw ApiError.missing("model");
    }
    Entry entry = name.isPresent() ? find(name.get()) : registry.entries().getFirst();
    return switch (entry.state()) {
      case ModelRegistry.Ready(LoadedModel model) -> new Named(entry.name(), model);
      case ModelRegistry.Loading(String stage, double fraction) ->
          throw ApiError.modelLoading(entry.name(), stage, fraction);
      case ModelRegistry.Failed(var error) -> throw ApiError.modelFailed(entry.name(), error);
    };
  }

  private Entry find(String name) {
    return registry
        .find(name)
        .orElseThrow(
            () ->
                ApiError.modelNotFound(
                    name,
                    registry.entries().stream()
                        .map(Entry::name)
                        .collect(Collectors.joining(", "))));
  }

  /** The body of {@code /v1/models}. */
  public Map<String, Object> list() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", registry.entries().stream().map(Models::card).toList());
    return body;
  }

  /** The body of {@code /v1/models/NAME}. */
  public Map<String, Object> one(String name) {
    return card(find(name));
  }

  private static Map<String, Object> card(Entry entry) {
    Map<String, Object> card = new LinkedHashMap<>();
    card.put("id", entry.name());
    card.put("object", "model");
    card.put("created", entry.since().getEpochSecond());
    card.put("owned_by", "solebox");
    Map<String, Object> more = state(entry);
    if (entry.state() instanceof ModelRegistry.Ready(LoadedModel model)) {
      more.put("architecture", model.info().architecture());
      more.put("format", model.info().format());
      more.put("parameters", model.info().parameters());
      more.put("context_tokens", model.contextTokens());
      more.put("chat", model.chatTemplate().isPresent());
      more.put("device", model.device());
    }
    card.put("solebox", more);
    return card;
  }

  private static Map<String, Object> state(Entry entry) {
    Map<String, Object> state = new LinkedHashMap<>();
    switch (entry.state()) {
      case ModelRegistry.Ready _ -> state.put("state", "ready");
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

  /**
   * What {@code /health} says: {@code ok} if a model can answer, {@code loading} with the fraction
   * of all, {@code failed} if none can and none will, {@code draining}.
   */
  public Health health(boolean draining) {
    List<Entry> entries = registry.entries();
    boolean ready = entries.stream().anyMatch(e -> e.state() instanceof ModelRegistry.Ready);
    boolean loading = entries.stream().anyMatch(e -> e.state() instanceof ModelRegistry.Loading);
    String status = draining ? "draining" : ready ? "ok" : loading ? "loading" : "failed";
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("fraction", entries.stream().mapToDouble(Models::fraction).average().orElse(0));
    body.put(
        "models",
        entries.stream()
            .map(
                entry -> {
                  Map<String, Object> model = new LinkedHashMap<>();
                  model.put("id", entry.name());
                  model.putAll(state(entry));
                  return model;
                })
            .toList());
    return new Health(status.equals("ok"), body);
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
