package io.solebox.server.knowledge.rank;

import java.util.Comparator;

/**
 * Something that was found.
 *
 * @param score from 0 to 1, more is better
 */
public record Ranked(long id, double score) {
  /** Of equals the one that is older, which has the smaller id. */
  static final Comparator<Ranked> BEST_FIRST =
      Comparator.comparingDouble(Ranked::score).reversed().thenComparingLong(Ranked::id);
}
