package io.solebox.engine.graph;

import java.util.Optional;

/**
 * One step of the forward pass. Activations are f32 [T, width]; T = tokens of this step, of any mix
 * of sequences. E hidden, H query heads, K key/value heads, D head dim, F ffn, V vocabulary.
 *
 * <p>A new record here breaks every backend's exhaustive {@code switch} until it is handled; that
 * is intended.
 */
public sealed interface Op {
  Value out();

  /** Row {@code tokens[t]} of the table [V, E], as f32. */
  record Embed(Value out, Weight table) implements Op {}

  /** The hidden state [T, E] that an earlier stage of a cut graph gave ({@code Batch.input}). */
  record TakeHidden(Value out) implements Op {}

  /**
   * {@code x / sqrt(mean(x^2) + eps) * gain}, over each group of {@code gain.cols()} elements: the
   * whole row for a layer norm, one head for a q/k norm.
   */
  record RmsNorm(Value out, Value x, Weight gain, float eps) implements Op {}

  /** {@code x W^T (+ bias)}: [T, W.cols] to [T, W.rows]. The bias is a vector of W.rows. */
  record Linear(Value out, Value x, Weight weight, Optional<Weight> bias) implements Op {}

  /** Rotary embedding of every head of {@code headDim} elements in the row. */
  record Rope(Value out, Value x, int headDim, Rotation rotation) implements Op {}

  /**
   * Writes k and v [T, K*D] of these tokens to the KV cache of {@code layer}, then attends from q
   * [T, H*D]: {@code softmax(q k^T * scale) v} over the positions of the token's own sequence that
   * the mask lets it see. Query head h reads key/value head {@code h / (H/K)}.
   */
  record Attention(
      Value out,
      Value q,
      Value k,
      Value v,
      int layer,
      int numHeads,
      int numKvHeads,
      int headDim,
      float scale,
      Mask mask)
      implements Op {}

  /** {@code silu(gate) * up}, elementwise. */
  record SwiGlu(Value out, Value gate, Value up) implements Op {}

  /** {@code a + b}, elementwise. */
  record Add(Value out, Value a, Value b) implements Op {}

  /**
   * Keeps only the rows that the batch asks for, in the order of {@code Batch.rows}: [rows, width].
   */
  record SelectRows(Value out, Value x) implements Op {}
}
