package io.solebox.server.openai;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.LoadNews;
import io.solebox.server.http.EventStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Tells in chunks without choices how far a model is, as {@code load_progress}: its stage, and from
 * 0 to 1 how far that is.
 */
final class LoadChunks implements LoadNews.Writer {
  private final JsonWriter json;
  private final String object;
  private final Clock clock;
  private final String id = "load-" + UUID.randomUUID().toString().replace("-", "");
  private final long since = System.nanoTime();

  /**
   * @param object of the stream's chunks
   */
  LoadChunks(JsonWriter json, String object, Clock clock) {
    this.json = json;
    this.object = object;
    this.clock = clock;
  }

  @Override
  public void write(String model, String stage, double fraction, EventStream out) {
    Map<String, Object> progress = new LinkedHashMap<>();
    progress.put("stage", stage);
    progress.put("value", fraction);
    progress.put("time_ms", (System.nanoTime() - since) / 1_000_000);
    Map<String, Object> chunk = new LinkedHashMap<>();
    chunk.put("id", id);
    chunk.put("object", object);
    chunk.put("created", clock.instant().getEpochSecond());
    chunk.put("model", model);
    chunk.put("choices", List.of());
    chunk.put("load_progress", progress);
    out.send(json.bytes(chunk));
  }
}
