package io.solebox.server.knowledge.rank;

import java.util.ArrayList;
import java.util.List;

/**
 * Says how well texts suit a question by reading both together: better than any index, and so slow
 * that it is for the best few alone.
 */
@FunctionalInterface
public interface Reranker {
  /**
   * Scores from 0 to 1, in the order of the texts.
   *
   * @throws io.solebox.engine.error.SoleboxException if a text is too long, or the model is gone
   */
  List<Double> scores(String question, List<String> texts) throws InterruptedException;

  /**
   * The same things in the order of these scores.
   *
   * @param texts of {@code ranked}, in its order
   */
  default List<Ranked> rank(String question, List<Ranked> ranked, List<String> texts)
      throws InterruptedException {
    List<Double> scores = scores(question, texts);
    List<Ranked> again = new ArrayList<>(ranked.size());
    for (int i = 0; i < ranked.size(); i++) {
      again.add(new Ranked(ranked.get(i).id(), scores.get(i)));
    }
    again.sort(Ranked.BEST_FIRST);
    return List.copyOf(again);
  }
}
