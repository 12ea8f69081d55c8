package io.solebox.engine.model.arch;

import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;

/**
 * How attention is cut into heads.
 *
 * @param count H, query heads
 * @param kvCount K, key/value heads; divides H
 * @param dim D, elements of a query and of a key
 * @param valueDim Dv, elements of a value
 */
record Heads(int count, int kvCount, int dim, int valueDim) {
  /** Attention with the usual scale, {@code 1 / sqrt(D)}. */
  AttentionShape attention(Mask mask) {
    return attention(mask, (float) (1 / Math.sqrt(dim)));
  }

  AttentionShape attention(Mask mask, float scale) {
    return new AttentionShape(count, kvCount, dim, scale, mask).withValueDim(valueDim);
  }
}
