package io.solebox.server.manage;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.models.Models;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells a client what becomes of models, in the events of llama-server's {@code /models/sse}, with
 * the code of what failed besides. Owned by one thread.
 */
final class ModelEvents {
  /** How long a client hears nothing while nothing happens; whoever ends it ends it by then. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** A load reports more often than anybody can see. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final JsonWriter json;
  private final Models models;
  private final EventStream out;
  private final Map<String, Map<String, Object>> told = new HashMap<>();

  ModelEvents(JsonWriter json, Models models, EventStream out) {
    this.json = json;
    this.models = models;
    this.out = out;
  }

  /** Whether there is more to tell. */
  @FunctionalInterface
  interface Going {
    boolean goesOn(List<Status> now);
  }

  /**
   * Tells what changes as long as there is something to tell.
   *
   * @param which the models that it is about
   */
  void tell(Supplier<List<Status>> which, Going going) throws InterruptedException {
    long seen = models.awaitChange(Long.MIN_VALUE, LOOK);
    List<Status> now = which.get();
    now.forEach(this::tell);
    while (going.goesOn(now)) {
      Thread.sleep(PAUSE);
      seen = models.awaitChange(seen, LOOK);
      now = which.get();
      now.forEach(this::tell);
    }
  }

  private void tell(Status status) {
    Map<String, Object> data = data(status);
    if (!data.equals(told.put(status.name(), data))) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("model", status.name());
      event.put("event", "model_status");
      event.put("data", data);
      out.send(json.bytes(event));
    }
  }

  private Map<String, Object> data(Status status) {
    Map<String, Object> data = new LinkedHashMap<>();
    switch (status.state()) {
      case ModelState.Absent _ -> data.put("status", "unloaded");
      case ModelState.Ready _ -> data.put("status", "loaded");
      case ModelState.Loading(String stage, double fraction) -> {
        data.put("status", "loading");
        data.put("progress", progress(stage, fraction));
      }
      case ModelState.Failed(var error) -> {
        data.put("status", "unloaded");
        data.put("failed", true);
        data.put("code", error.code().wireName());
        data.put("message", error.explanation());
      }
    }
    return data;
  }

  private static Map<String, Object> progress(String stage, double fraction) {
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("stages", List.of(stage));
    progress.put("current", stage);
    progress.put("value", fraction);
    return progress;
  }
}
