package io.solebox.server.models;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of a host as requests see them: found by name, full or not, well or not. */
public final class Models {
  /** What programs write behind a name that has no tag. */
  private static final String USUAL_TAG = "latest";

  private final ModelHost host;
  private final ModelNames names;
  private final Duration loadWait;
  private final Instant since = Instant.now();
  private final WaitingRoom waitingRoom;
  private final Troubles troubles = new Troubles();

  /**
   * @param loadWait how long a request waits for its model to be loaded
   * @param maxWaiting answers that may wait for a model
   */
  public Models(
      ModelHost host, ModelNames names, Duration loadWait, int maxWaiting, Counters counters) {
    this.host = host;
    this.names = names;
    this.loadWait = loadWait;
    this.waitingRoom = new WaitingRoom(maxWaiting, counters);
  }

  /**
   * A model that can answer.
   *
   * @param name as answers call it: that of the model, with the adapter's where there is one
   * @param base the model's own
   */
  public record Named(String name, String base, LoadedModel model) {
    /**
     * @throws Problem 400 for a model that makes vectors or scores, and has nothing to answer with
     */
    public void requireAnswers() {
      model
          .info()
          .pooling()
          .ifPresent(
              pooling -> {
                String made = pooling == Pooling.RANK ? "scores texts" : "makes vectors of texts";
                String use = pooling == Pooling.RANK ? "/v1/rerank" : "/v1/embeddings";
                throw Problem.of(
                        400,
                        "unsupported_model",
                        "The model '%s' %s, and gives no answers. Use it with %s."
                            .formatted(name, made, use))
                    .withParam("model");
              });
    }
  }

  /**
   * What a name means.
   *
   * @param adapter that is to be used; empty for the model alone
   */
  public record Found(Status status, Optional<String> adapter) {
    /** As in {@code model:adapter}. */
    public String name() {
      return adapter.map(a -> nameOf(status, a)).orElse(status.name());
    }
  }

  /** By which an adapter of a model is asked for. */
  public static String nameOf(Status model, String adapter) {
    return model.name() + ":" + adapter;
  }

  /** The model that one request uses, which is not unloaded before this is closed. */
  public final class Use implements AutoCloseable {
    private Optional<Lease> lease = Optional.empty();

    private Use() {}

    /**
     * The model that a request names; waits for it while it loads. Without a name, or with an empty
     * one, it is the only one there is. To be called once.
     *
     * @param adapter of the model, where a request names it in a field of its own
     * @throws Problem 400 if one must be named, or two adapters are, 404 if unknown, 503 with
     *     progress if it takes too long to load, 500 if it cannot be loaded
     */
    public Named select(Optional<String> asked, Optional<String> adapter)
        throws InterruptedException {
      Found found = resolve(asked.filter(text -> !text.isBlank()));
      if (adapter.isPresent()) {
        found = adapted(found, adapter.get());
      }
      String base = found.status().name();
      lease = Optional.of(lease(base));
      LoadedModel model = lease.get().model();
      return new Named(found.name(), base, found.adapter().map(model::with).orElse(model));
    }

    @Override
    public void close() {
      lease.ifPresent(Lease::close);
    }
  }

  /** For one request. */
  public Use use() {
    return new Use();
  }

  private Found resolve(Optional<String> asked) {
    List<Status> all = host.status();
    if (asked.isEmpty() && all.size() != 1) {
      throw Problem.of(400, "missing_required_parameter", "Missing required parameter: 'model'.")
          .withParam("model");
    }
    return asked.isEmpty() ? new Found(all.getFirst(), Optional.empty()) : find(asked.get());
  }

  private Found adapted(Found found, String adapter) {
    if (found.adapter().isPresent() && !found.adapter().get().equals(adapter)) {
      throw Problem.of(
              400,
              "invalid_value",
              "'model' names the adapter '%s', and 'adapter' names '%s'."
                  .formatted(found.adapter().get(), adapter))
          .withParam("adapter");
    }
    if (!found.status().adapters().contains(adapter)) {
      List<String> there = found.status().adapters();
      throw Problem.of(
              404,
              "adapter_not_found",
              "The model '%s' has no adapter '%s'. It has: %s."
                  .formatted(
                      found.status().name(),
                      adapter,
                      there.isEmpty() ? "none" : String.join(", ", there)))
          .withParam("adapter");
    }
    return new Found(found.status(), Optional.of(adapter));
  }

  private Lease lease(String name) throws InterruptedException {
    LoadWait wait = new LoadWait(loadWait);
    try {
      return host.use(name, wait);
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.CLOSED) {
        throw Problem.draining();
      }
      throw e.code() == ErrorCode.CANCELLED ? wait.problem(name) : cannotLoad(name, e);
    }
  }

  private static Problem cannotLoad(String name, SoleboxException error) {
    int status = error.code() == ErrorCode.OUT_OF_MEMORY ? 503 : 500;
    String message = "The model '%s' could not be loaded: %s".formatted(name, error.explanation());
    return Problem.of(status, error.code().wireName(), message).withParam("model");
  }

  /**
   * @param name of a model, or of one with an adapter as in {@code model:adapter}
   * @throws Problem 404 with the names that there are
   */
  public Found find(String name) {
    List<Status> all = host.status();
    List<String> own = all.stream().map(Status::name).toList();
    Optional<ModelNames.Split> split = names.split(name, own);
    if (split.isPresent()) {
      Status status = named(all, split.get().name());
      String rest = split.get().rest();
      if (status.adapters().contains(rest)) {
        return new Found(status, Optional.of(rest));
      }
      // Where there are adapters, what stands behind a colon is no tag that could be passed over.
      boolean adapters = all.stream().anyMatch(each -> !each.adapters().isEmpty());
      if (adapters && !rest.equals(USUAL_TAG) && !names.anyName()) {
        throw unknown(name, all);
      }
    }
    return names
        .find(name, own)
        .map(found -> new Found(named(all, found), Optional.empty()))
        .orElseThrow(() -> unknown(name, all));
  }

  private static Status named(List<Status> all, String name) {
    return all.stream().filter(status -> status.name().equals(name)).findFirst().orElseThrow();
  }

  private static Problem unknown(String name, List<Status> all) {
    List<String> there = new ArrayList<>();
    for (Status status : all) {
      there.add(status.name());
      status.adapters().forEach(adapter -> there.add(nameOf(status, adapter)));
    }
    return Problem.of(
            404,
            "model_not_found",
            "The model '%s' does not exist. This server has: %s."
                .formatted(name, String.join(", ", there)))
        .withParam("model");
  }

  /** All models, in the catalog's order. */
  public List<Status> all() {
    return host.status();
  }

  /** Since when they are offered. */
  public Instant since() {
    return since;
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
    return waitingRoom.enter(named.base(), named.model());
  }

  /** An answer is complete. */
  public void answered(Named named) {
    troubles.answered(named.base());
  }

  /** An answer broke off. */
  public void failed(Named named, SoleboxException error) {
    troubles.failed(named.base(), error);
  }

  /** Why answers of a loaded model fail; empty while all is well. */
  Optional<SoleboxException> trouble(String name, ModelState.Ready ready) {
    return ready.trouble().or(() -> troubles.of(name));
  }

  /** How far a model is, and what is wrong with it, as answers of the API tell it. */
  public Map<String, Object> state(Status status) {
    Map<String, Object> state = new LinkedHashMap<>();
    switch (status.state()) {
      case ModelState.Ready ready -> {
        Optional<SoleboxException> trouble = trouble(status.name(), ready);
        state.put("state", trouble.isPresent() ? "failing" : "ready");
        trouble.ifPresent(error -> state.put("code", error.code().wireName()));
      }
      case ModelState.Loading(String stage, double fraction) -> {
        state.put("state", "loading");
        state.put("stage", stage);
        state.put("fraction", fraction);
      }
      case ModelState.Failed(SoleboxException error) -> {
        state.put("state", "failed");
        state.put("code", error.code().wireName());
      }
      case ModelState.Absent _ -> state.put("state", "unloaded");
    }
    return state;
  }
}
