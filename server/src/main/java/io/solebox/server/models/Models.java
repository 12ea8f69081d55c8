package io.solebox.server.models;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The models of a host as requests see them: found by name, full or not, well or not. */
public final class Models {
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

  /** A model that can answer, by its name. */
  public record Named(String name, LoadedModel model) {}

  /** The model that one request uses, which is not unloaded before this is closed. */
  public final class Use implements AutoCloseable {
    private Optional<Lease> lease = Optional.empty();

    private Use() {}

    /**
     * The model that a request names; waits for it while it loads. Without a name, or with an empty
     * one, it is the only one there is. To be called once.
     *
     * @throws Problem 400 if one must be named, 404 if unknown, 503 with progress if it takes too
     *     long to load, 500 if it cannot be loaded
     */
    public Named select(Optional<String> asked) throws InterruptedException {
      String name = resolve(asked.filter(text -> !text.isBlank()));
      lease = Optional.of(lease(name));
      return new Named(name, lease.get().model());
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

  private String resolve(Optional<String> asked) {
    List<Status> all = host.status();
    if (asked.isEmpty() && all.size() != 1) {
      throw Problem.of(400, "missing_required_parameter", "Missing required parameter: 'model'.")
          .withParam("model");
    }
    return asked.isEmpty() ? all.getFirst().name() : find(asked.get()).name();
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
   * @throws Problem 404 with the names that there are
   */
  public Status find(String name) {
    List<Status> all = host.status();
    List<String> own = all.stream().map(Status::name).toList();
    Optional<String> found = names.find(name, own);
    return all.stream()
        .filter(status -> found.isPresent() && status.name().equals(found.get()))
        .findFirst()
        .orElseThrow(
            () ->
                Problem.of(
                        404,
                        "model_not_found",
                        "The model '%s' does not exist. This server has: %s."
                            .formatted(name, String.join(", ", own)))
                    .withParam("model"));
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
