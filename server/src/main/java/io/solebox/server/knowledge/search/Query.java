package io.solebox.server.knowledge.search;

import java.util.List;
import java.util.Optional;

/**
 * What is looked for.
 *
 * @param texts of several, what suits any
 * @param most passages
 * @param threshold score of a passage, at least
 * @param reranker a model that reads the best passages with the question, and has the last word
 * @param meaning how much the meaning counts, beside {@code words}
 */
public record Query(
    List<String> texts,
    int most,
    Filter filter,
    double threshold,
    Optional<String> reranker,
    double meaning,
    double words) {
  /** Passages that a reranker reads, at least. */
  private static final int READ = 30;

  /** With what is usual. */
  public static Query of(String text, int most) {
    return new Query(List.of(text), most, Filter.ALL, 0, Optional.empty(), 1, 1);
  }

  /** As many as the reranker is to read, whatever scores they have. */
  Query forReranker() {
    return new Query(texts, Math.max(READ, most), filter, 0, Optional.empty(), meaning, words);
  }
}
