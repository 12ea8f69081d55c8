package io.solebox.server.knowledge.rank;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * One list of two, by the places that something has in each: scores of different kinds do not
 * compare, places do. Reciprocal rank fusion, by <a
 * href="https://doi.org/10.1145/1571941.1572114">Cormack, Clarke and Büttcher, 2009</a>.
 *
 * @param meaning how much a place among the nearest vectors counts, 0 or more
 * @param words how much a place among the texts with the question's words counts, 0 or more
 */
public record Fusion(double meaning, double words) {
  /** Both alike. */
  public static final Fusion EVEN = new Fusion(1, 1);

  /**
   * How little the first places differ. The paper has 60, for lists of a thousand and more of them
   * than two; of two short ones the first places say more ({@code docs/benchmarks.md}).
   */
  private static final double FLAT = 10;

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if one is below 0, or none counts
   */
  public Fusion {
    if (!(meaning >= 0 && words >= 0 && meaning + words > 0 && meaning + words < 1e9)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "weights",
          "They are %s for the meaning and %s for the words.".formatted(meaning, words),
          "Give two numbers from 0, of which one is more.");
    }
  }

  /**
   * The better of these come first, of equals the one with the smaller id.
   *
   * @param byMeaning ids, the nearest first, each once
   * @param byWords ids, the best first, each once
   * @return with scores from 0 to 1: what is first in both lists has 1
   */
  public List<Ranked> fuse(List<Long> byMeaning, List<Long> byWords) {
    Map<Long, Double> scores = new HashMap<>();
    add(scores, byMeaning, meaning);
    add(scores, byWords, words);
    List<Ranked> ranked = new ArrayList<>(scores.size());
    scores.forEach((id, score) -> ranked.add(new Ranked(id, score / (meaning + words))));
    ranked.sort(Ranked.BEST_FIRST);
    return List.copyOf(ranked);
  }

  /**
   * The same of two searches, which run beside each other; one that counts nothing does not run.
   *
   * @throws SoleboxException what a search throws
   */
  public List<Ranked> fuse(Supplier<List<Long>> byMeaning, Supplier<List<Long>> byWords) {
    if (meaning == 0 || words == 0) {
      return fuse(meaning > 0 ? byMeaning.get() : List.of(), words > 0 ? byWords.get() : List.of());
    }
    CompletableFuture<List<Long>> spoken =
        CompletableFuture.supplyAsync(byWords, Thread::startVirtualThread);
    List<Long> near = byMeaning.get();
    try {
      return fuse(near, spoken.join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof SoleboxException known ? known : e;
    }
  }

  private static void add(Map<Long, Double> scores, List<Long> ids, double weight) {
    if (weight > 0) {
      for (int i = 0; i < ids.size(); i++) {
        scores.merge(ids.get(i), weight * (FLAT + 1) / (FLAT + 1 + i), Double::sum);
      }
    }
  }
}
