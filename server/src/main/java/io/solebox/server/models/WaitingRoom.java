package io.solebox.server.models;

import io.solebox.engine.api.LoadedModel;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Counters.Count;
import io.solebox.server.http.Problem;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Bounds how many answers wait for a model behind those that are being computed. */
final class WaitingRoom {
  private static final int RETRY_SECONDS = 5;

  private final int maxWaiting;
  private final Counters counters;
  private final Map<String, AtomicInteger> active = new ConcurrentHashMap<>();

  WaitingRoom(int maxWaiting, Counters counters) {
    this.maxWaiting = maxWaiting;
    this.counters = counters;
  }

  /**
   * Counts an answer until the result is closed for the first time.
   *
   * @throws Problem 429 if too many wait
   */
  Models.Place enter(String name, LoadedModel model) {
    AtomicInteger answers = active.computeIfAbsent(name, _ -> new AtomicInteger());
    // What has just been handed over is not yet running; it counts as waiting, which errs on the
    // side of fewer.
    int waiting = answers.incrementAndGet() - model.stats().running();
    if (waiting > maxWaiting) {
      answers.decrementAndGet();
      counters.add(Count.QUEUE_REFUSED);
      throw Problem.of(
              429,
              "queue_full",
              "%d requests wait for the model '%s' already. Try again later."
                  .formatted(maxWaiting, name))
          .withRetryAfter(RETRY_SECONDS);
    }
    AtomicBoolean counts = new AtomicBoolean(true);
    return new Models.Place(
        Math.max(0, waiting - 1),
        () -> {
          if (counts.compareAndSet(true, false)) {
            answers.decrementAndGet();
          }
        });
  }
}
