package io.solebox.server.knowledge.search;

import java.util.List;

/**
 * What is looked for.
 *
 * @param texts of several, what suits any
 * @param most passages
 * @param threshold score of a passage, at least
 * @param meaning how much the meaning counts, beside {@code words}
 */
public record Query(
    List<String> texts, int most, Filter filter, double threshold, double meaning, double words) {
  /** With what is usual. */
  public static Query of(String text, int most) {
    return new Query(List.of(text), most, Filter.ALL, 0, 1, 1);
  }
}
