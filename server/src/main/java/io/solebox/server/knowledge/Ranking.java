package io.solebox.server.knowledge;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;
import java.util.Set;

/**
 * {@code ranking_options}, as OpenAI has it.
 *
 * @param reranker a model that has the last word; empty where none does
 * @param threshold score of a passage, at least
 * @param meaning how much the meaning counts, beside {@code words}
 */
record Ranking(Optional<String> reranker, double threshold, double meaning, double words) {
  private static final Ranking USUAL = new Ranking(Optional.empty(), 0, 1, 1);

  /** OpenAI's, which say nothing here; any other name is a model's. */
  private static final Set<String> RANKERS = Set.of("auto", "default-2024-11-15", "none");

  private static final double MAX_WEIGHT = 1_000_000;

  /**
   * @param body in which it may stand
   */
  static Ranking read(Fields body) {
    return body.object("ranking_options", "ranking_options").map(Ranking::given).orElse(USUAL);
  }

  private static Ranking given(Fields ranking) {
    Optional<String> reranker =
        ranking.string("ranker").filter(name -> !RANKERS.contains(name) && !name.isBlank());
    double threshold = number(ranking, "score_threshold", 0, 1);
    double meaning = USUAL.meaning;
    double words = USUAL.words;
    Optional<Fields> hybrid = ranking.object("hybrid_search", "hybrid_search");
    if (hybrid.isPresent()) {
      meaning = number(hybrid.get(), "embedding_weight", meaning, MAX_WEIGHT);
      words = number(hybrid.get(), "text_weight", words, MAX_WEIGHT);
      hybrid.get().settle(false);
      if (meaning + words == 0) {
        throw Params.invalidValue(
            ranking.param("hybrid_search"), "Both weights are 0; one must count.");
      }
    }
    ranking.settle(false);
    return new Ranking(reranker, threshold, meaning, words);
  }

  private static double number(Fields fields, String name, double absent, double most) {
    double value = fields.number(name).orElse(absent);
    if (!(value >= 0 && value <= most)) {
      throw Params.invalidValue(fields.param(name), "It must be 0 to %.0f.".formatted(most));
    }
    return value;
  }
}
