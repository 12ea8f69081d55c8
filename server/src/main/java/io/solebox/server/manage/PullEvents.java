package io.solebox.server.manage;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.EventStream.Framing;
import io.solebox.server.http.Exchange;
import io.solebox.server.library.PullWatcher;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells how far a pull is, in events of the form that llama-server's router has for models. Owned
 * by the pull's thread, and then by the request's.
 */
final class PullEvents implements PullWatcher {
  /** A pull reports more often than anybody can see. */
  private static final long STEP_NANOS = 100_000_000;

  private final JsonWriter json;
  private final Exchange exchange;
  private final String model;
  private final boolean told;
  private long nextNanos = System.nanoTime();

  /**
   * @param told whether anybody hears it
   */
  PullEvents(JsonWriter json, Exchange exchange, String model, boolean told) {
    this.json = json;
    this.exchange = exchange;
    this.model = model;
    this.told = told;
  }

  @Override
  public void begun() {
    send(Map.of("status", "looking"));
  }

  @Override
  public void progress(Standing now) {
    boolean last = now.bytes() == now.total();
    if (!last && System.nanoTime() - nextNanos < 0) {
      return;
    }
    nextNanos = System.nanoTime() + STEP_NANOS;
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("status", "pulling");
    data.put("file", now.file());
    now.digest().ifPresent(hex -> data.put("digest", "sha256:" + hex));
    data.put("bytes", now.bytes());
    data.put("total", now.total());
    data.put("bytes_per_second", now.bytesPerSecond());
    now.rest().ifPresent(rest -> data.put("seconds_left", rest.toSeconds()));
    send(data);
  }

  @Override
  public void note(String text) {
    send(Map.of("status", "note", "text", text));
  }

  /** All is here; the last event. */
  void done(Map<String, Object> described) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("status", "done");
    data.putAll(described);
    try (EventStream _ = exchange.startStream(Framing.EVENTS)) {
      send(data);
    }
  }

  private void send(Map<String, Object> data) {
    if (told) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("model", model);
      event.put("event", "model_pull");
      event.put("data", data);
      exchange.startStream(Framing.EVENTS).send(json.bytes(event));
    }
  }
}
