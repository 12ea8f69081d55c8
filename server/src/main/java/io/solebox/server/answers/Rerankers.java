package io.solebox.server.answers;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;

/** Models that say how well texts suit a question. */
public final class Rerankers {
  private Rerankers() {}

  /**
   * That it is a classifier, and one whose first label says how well a text suits.
   *
   * @param param that names it
   * @throws Problem 400
   */
  public static void require(Models.Named named, String param) {
    try {
      named.model().requireRanking();
    } catch (SoleboxException e) {
      throw Problem.of(
              400,
              "unsupported_model",
              "The model '%s' gives no scores: %s".formatted(named.name(), e.explanation()))
          .withParam(param);
    }
  }

  /**
   * 0 to 1: of several labels the first one's probability, and a score alone by the logistic
   * function.
   */
  public static double score(float[] labels) {
    return labels.length == 1 ? 1 / (1 + Math.exp(-labels[0])) : labels[0];
  }
}
