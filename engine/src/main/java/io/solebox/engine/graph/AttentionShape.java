package io.solebox.engine.graph;

import java.util.Optional;

/**
 * How attention is cut into heads, and what scores go through.
 *
 * @param numHeads H, query heads
 * @param numKvHeads K, key/value heads; divides H
 * @param headDim D, elements of a query and of a key
 * @param valueDim Dv, elements of a value
 * @param scale factor on the scores
 * @param softCap scores s become {@code cap * tanh(s / cap)} (Gemma 2, arXiv:2408.00118)
 * @param mask which positions a token sees
 * @param latent whether values are the first Dv elements of the keys, and are not kept beside them
 */
public record AttentionShape(
    int numHeads,
    int numKvHeads,
    int headDim,
    int valueDim,
    float scale,
    Optional<Float> softCap,
    Mask mask,
    boolean latent) {

  /** Plain attention. */
  public AttentionShape(int numHeads, int numKvHeads, int headDim, float scale, Mask mask) {
    this(numHeads, numKvHeads, headDim, headDim, scale, Optional.empty(), mask, false);
  }

  public AttentionShape withMask(Mask other) {
    return new AttentionShape(
        numHeads, numKvHeads, headDim, valueDim, scale, softCap, other, latent);
  }

  /** The same with fewer or more heads. */
  AttentionShape withHeads(int queries, int keysValues) {
    return new AttentionShape(queries, keysValues, headDim, valueDim, scale, softCap, mask, latent);
  }

  public AttentionShape withScale(float other) {
    return new AttentionShape(
        numHeads, numKvHeads, headDim, valueDim, other, softCap, mask, latent);
  }

  public AttentionShape withSoftCap(Optional<Float> cap) {
    return new AttentionShape(numHeads, numKvHeads, headDim, valueDim, scale, cap, mask, latent);
  }

  public AttentionShape withValueDim(int dim) {
    return new AttentionShape(numHeads, numKvHeads, headDim, dim, scale, softCap, mask, latent);
  }

  /** Elements of a position's keys. */
  int keyWidth() {
    return numKvHeads * headDim;
  }

  /** Elements that are kept of a position's values. */
  int valueWidth() {
    return latent ? 0 : numKvHeads * valueDim;
  }
}
