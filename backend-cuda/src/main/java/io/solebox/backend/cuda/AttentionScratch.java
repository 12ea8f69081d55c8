package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;

/**
 * What decode attention leaves between its two kernels: per token, head and split of the context a
 * partial result and its maximum and sum. Shared by all layers.
 *
 * @param splitTokens positions of a split. Fixed for a plan's life, because it decides bits: a
 *     token's result must not depend on how long its neighbours are
 * @param maxSplits splits of the longest sequence
 */
record AttentionScratch(int splitTokens, int maxSplits, long partialBytes, long statsBytes) {
  /**
   * Small splits fill a large card early; more than this many cost more to combine than they win.
   */
  private static final int MOST_SPLITS = 256;

  private static final int SMALLEST = 64;
  private static final int LARGEST = 256;

  static AttentionScratch of(Graph graph, Limits limits) {
    int splitTokens = SMALLEST;
    while (splitTokens < LARGEST && splitTokens * MOST_SPLITS < limits.maxSequenceTokens()) {
      splitTokens *= 2;
    }
    int maxSplits = Math.ceilDiv(limits.maxSequenceTokens(), splitTokens);
    long partial = 0;
    long stats = 0;
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention a) {
        long each = (long) DecodeBatch.LARGEST * a.numHeads() * maxSplits * Float.BYTES;
        partial = Math.max(partial, each * KvTiles.of(a, limits.kvType()).paddedDim());
        stats = Math.max(stats, 2 * each);
      }
    }
    return new AttentionScratch(splitTokens, maxSplits, Places.align(partial), Places.align(stats));
  }

  /** How many splits a launch covers for a longest row that ends at {@code position}. */
  int bucket(int position) {
    return Math.min(maxSplits, DecodeBatch.powerOfTwo(position / splitTokens + 1));
  }

  long bytes() {
    return partialBytes + statsBytes;
  }
}
