package io.solebox.server.answers;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Pooling;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.List;

/** Computes vectors of many texts, without being in the way of others. */
public record Vectors(Models models) {
  /** So many texts are queued at once: enough to fill steps, and few enough to let others in. */
  private static final int TOGETHER = 32;

  /**
   * The vector of each text.
   *
   * @param param that the texts came from
   * @return f32 [E] each
   * @throws Problem 400 with both counts if one is too long, 429 if too many requests wait
   */
  public List<float[]> of(
      Exchange exchange,
      Models.Named named,
      List<int[]> texts,
      String param,
      Pooling pooling,
      boolean normalized)
      throws InterruptedException {
    LoadedModel model = named.model();
    for (int i = 0; i < texts.size(); i++) {
      requireRoom(model, texts.get(i), texts.size() == 1 ? param : param + "[" + i + "]");
    }
    try (Registration _ = models.enter(named)) {
      return WatchedWork.run(
          exchange,
          () -> {
            List<float[]> vectors = new ArrayList<>();
            for (int from = 0; from < texts.size(); from += TOGETHER) {
              List<int[]> part = texts.subList(from, Math.min(texts.size(), from + TOGETHER));
              model.embed(part, pooling, normalized).forEach(rows -> vectors.add(rows[0]));
            }
            models.answered(named);
            return vectors;
          });
    }
  }

  private static void requireRoom(LoadedModel model, int[] ids, String param) {
    if (ids.length > model.contextTokens()) {
      throw Problem.of(
              400,
              "context_length_exceeded",
              "The text has %d tokens, and the model takes %d; nothing is cut."
                  .formatted(ids.length, model.contextTokens()))
          .withParam(param);
    }
  }
}
