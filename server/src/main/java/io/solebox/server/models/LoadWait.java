package io.solebox.server.models;

import io.solebox.engine.backend.Progress;
import io.solebox.server.http.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A request's patience with the load of its model. */
final class LoadWait implements Progress {
  private final String model;
  private final LoadListener listener;
  private final long end;
  private String stage = "waiting";
  private double fraction;
  private volatile boolean left;

  LoadWait(String model, Duration patience, LoadListener listener) {
    this.model = model;
    this.listener = listener;
    this.end = System.nanoTime() + patience.toNanos();
  }

  @Override
  public void report(String newStage, double newFraction) {
    stage = newStage;
    fraction = newFraction;
    listener.loading(model, stage, fraction);
  }

  @Override
  public boolean cancelled() {
    return left || System.nanoTime() - end > 0;
  }

  /** Nobody waits any more. From any thread. */
  void leave() {
    left = true;
  }

  boolean left() {
    return left;
  }

  /** What is answered when it has come to an end. */
  Problem problem() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("progress", fraction);
    details.put("stage", stage);
    String message =
        "The model '%s' is still loading: %s, %d %%."
            .formatted(model, stage, (int) (100 * fraction));
    return Problem.of(503, "model_loading", message)
        .withParam("model")
        .withDetails(details)
        .withRetryAfter(fraction < 0.5 ? 5 : 2);
  }
}
