package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;

/**
 * What decode attention leaves between its two kernels: per token, head and split of the context a
 * partial result and its maximum and sum. Shared by all layers.
 *
 * @param maxTokens of the longest sequence
 * @param smallest positions of a split of a few tokens. Fixed for a plan's life, because it decides
 *     bits: a token's result must not depend on how long its neighbours are
 */
record AttentionScratch(int maxTokens, int smallest, long partialBytes, long statsBytes) {
  /**
   * Small splits fill a large card early; more than this many cost more to combine than they win.
   */
  private static final int MOST_SPLITS = 256;

  private static final int SMALLEST = 64;

  /** Of many tokens too, which fill the card as they are. */
  private static final int LARGEST = 256;

  static AttentionScratch of(Graph graph, Limits limits) {
    int smallest = SMALLEST;
    while (smallest < LARGEST && smallest * MOST_SPLITS < limits.maxSequenceTokens()) {
      smallest *= 2;
    }
    var sizes = new AttentionScratch(limits.maxSequenceTokens(), smallest, 0, 0);
    int lanes = Math.min(DecodeBatch.LANES, DecodeBatch.powerOfTwo(limits.maxSequences()));
    long cells = (long) DecodeBatch.LARGEST * sizes.maxSplits(DecodeBatch.LARGEST);
    cells = Math.max(cells, (long) lanes * sizes.maxSplits(lanes));
    long partial = 0;
    long stats = 0;
    for (Op op : graph.ops()) {
      if (op instanceof Op.Attention a) {
        long each = cells * a.numHeads() * Float.BYTES;
        partial = Math.max(partial, each * KvTiles.padded(a.shape().valueDim()));
        stats = Math.max(stats, 2 * each);
      }
    }
    return new AttentionScratch(
        sizes.maxTokens(), smallest, Places.align(partial), Places.align(stats));
  }

  /** Positions of a split where this many tokens decode together. */
  int splitTokens(int tokens) {
    return tokens <= DecodeBatch.LARGEST ? smallest : LARGEST;
  }

  /** Splits of the longest sequence where this many tokens decode together. */
  int maxSplits(int tokens) {
    return Math.ceilDiv(maxTokens, splitTokens(tokens));
  }

  /** How many splits a launch covers for a longest row that ends at {@code position}. */
  int bucket(int tokens, int position) {
    return Math.min(maxSplits(tokens), DecodeBatch.powerOfTwo(position / splitTokens(tokens) + 1));
  }

  long bytes() {
    return partialBytes + statsBytes;
  }
}
