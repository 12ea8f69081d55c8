package io.solebox.engine.backend;

/** What leaves the backend for one token of the batch; the less, the less is copied. */
public sealed interface RowRequest {
  /** Index of the token in the batch, 0 to T exclusive. */
  int token();

  /** The best id after the bias; ties go to the lowest id. */
  record Argmax(int token, SparseBias bias) implements RowRequest {}

  /**
   * The {@code k} best ids after the bias, best first, ties by id, and the log of the sum of exp of
   * all biased logits.
   */
  record TopK(int token, int k, SparseBias bias) implements RowRequest {}

  /** All logits [V], without bias. */
  record Logits(int token) implements RowRequest {}

  /** The normed hidden state [E] (embeddings). */
  record Hidden(int token) implements RowRequest {}
}
