package io.solebox.engine.cache;

/** Hears of what is about to be overwritten for others, while it is still there. */
@FunctionalInterface
interface Departure {
  /**
   * @param content what it holds: of this prefix, at its end
   * @param place number of the block, or of the place for recurrent state
   */
  void leaves(PrefixTree.Node content, int place);
}
