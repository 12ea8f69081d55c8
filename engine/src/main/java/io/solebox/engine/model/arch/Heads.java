package io.solebox.engine.model.arch;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;

/**
 * How attention is cut into heads.
 *
 * @param count H, query heads
 * @param kvCount K, key/value heads; divides H
 * @param dim D, elements of each
 */
record Heads(int count, int kvCount, int dim) {
  /** Attention with the usual scale, {@code 1 / sqrt(D)}. */
  AttentionShape attention(Mask mask) {
    return new AttentionShape(count, kvCount, dim, (float) (1 / Math.sqrt(dim)), mask);
  }
}
