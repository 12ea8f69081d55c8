package io.solebox.server.answers;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.Pooling;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.List;

/** Computes vectors of many texts, without being in the way of others. */
public record Vectors(Models models) {
  /** So many texts are queued at once: enough to fill steps, and few enough to let others in. */
  private static final int TOGETHER = 32;

  /**
   * What is wanted.
   *
   * @param texts ids of each
   * @param param that the texts came from
   */
  public record Wish(
      Models.Named named, List<int[]> texts, String param, Pooling pooling, boolean normalized) {}

  /**
   * The vector of each text, for a client that waits.
   *
   * @param terms as the request has them
   * @return f32 [E] each
   * @throws Problem 400 with both counts if one is too long, 429 if too many requests wait
   */
  public List<float[]> of(Exchange exchange, Wish wish, Terms terms) throws InterruptedException {
    Terms its = terms.of(exchange);
    if (its.receipt().insists()) {
      throw Problem.of(
              400, "unsupported_parameter", "Vectors have no receipts; answers in tokens have.")
          .withParam("receipt");
    }
    requireRoom(wish);
    try (Models.Place place = models.enter(wish.named())) {
      exchange.setHeader(Answers.QUEUE_POSITION, Integer.toString(place.ahead()));
      return WatchedWork.run(exchange, () -> compute(wish, its));
    }
  }

  /**
   * The same for nobody who waits; an interrupt ends it.
   *
   * @throws Problem as {@link #of}
   */
  public List<float[]> detached(Wish wish, Terms terms) throws InterruptedException {
    requireRoom(wish);
    try (Models.Place _ = models.enter(wish.named())) {
      return compute(wish, terms);
    }
  }

  private List<float[]> compute(Wish wish, Terms terms) throws InterruptedException {
    List<int[]> texts = wish.texts();
    LoadedModel model = wish.named().model();
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += TOGETHER) {
      List<int[]> part = texts.subList(from, Math.min(texts.size(), from + TOGETHER));
      model
          .embed(part, wish.pooling(), wish.normalized(), terms.requester())
          .forEach(rows -> vectors.add(rows[0]));
    }
    models.answered(wish.named());
    return vectors;
  }

  private static void requireRoom(Wish wish) {
    int room = wish.named().model().contextTokens();
    for (int i = 0; i < wish.texts().size(); i++) {
      int tokens = wish.texts().get(i).length;
      if (tokens > room) {
        throw Problem.of(
                400,
                "context_length_exceeded",
                "The text has %d tokens, and the model takes %d; nothing is cut."
                    .formatted(tokens, room))
            .withParam(wish.texts().size() == 1 ? wish.param() : wish.param() + "[" + i + "]");
      }
    }
  }
}
