package io.solebox.engine.graph;

import java.util.OptionalInt;

/**
 * Paged keeps of a graph whose positions live equally long, so that one block table per sequence
 * serves them all.
 *
 * @param index in {@link Graph#groups()}
 * @param window positions that a token sees, itself included; empty for all before it
 */
public record KeepGroup(int index, OptionalInt window) {
  /** The first position that is still needed once all before {@code computed} are computed. */
  public int firstNeeded(int computed) {
    return window.isEmpty() ? 0 : Math.max(0, computed - window.getAsInt() + 1);
  }

  /**
   * Most positions of a sequence that are needed at once.
   *
   * @param sequenceTokens of the longest sequence
   * @param stepTokens of the largest step
   */
  public int mostPositions(int sequenceTokens, int stepTokens) {
    if (window.isEmpty()) {
      return sequenceTokens;
    }
    return (int) Math.min(sequenceTokens, (long) window.getAsInt() + stepTokens);
  }
}
