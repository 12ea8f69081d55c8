package io.solebox.engine.backend;

/** What leaves the backend for one token of the batch; the less, the less is copied. */
public sealed interface RowRequest {
  /** Index of the token in the batch, 0 to T exclusive. */
  int token();

  /** The same of another token. */
  default RowRequest of(int other) {
    return switch (this) {
      case Argmax(_, var edit) -> new Argmax(other, edit);
      case TopK(_, var k, var edit) -> new TopK(other, k, edit);
      case Nucleus(_, var k, var share, var edit) -> new Nucleus(other, k, share, edit);
      case Draw(_, var temperature, var u, var edit) -> new Draw(other, temperature, u, edit);
      case Logits _ -> new Logits(other);
      case Score(_, var id) -> new Score(other, id);
      case Hidden _ -> new Hidden(other);
    };
  }

  /** The best id after the edit; ties go to the lowest id. */
  record Argmax(int token, LogitEdit edit) implements RowRequest {}

  /** The {@code k} best ids after the edit, best first, ties by id. */
  record TopK(int token, int k, LogitEdit edit) implements RowRequest {}

  /**
   * The {@code k} best ids as by {@link TopK}, and the log of the sum of exp of all logits after
   * the edit. Where the best have less than {@code share} of the probability, all logits after the
   * edit as well ({@link Outputs#isWhole}).
   */
  record Nucleus(int token, int k, double share, LogitEdit edit) implements RowRequest {}

  /**
   * One id, drawn from all with the probabilities that their logits have after the edit: the first,
   * in ascending order, at which the sum of the probabilities exceeds {@code u}.
   *
   * @param temperature divides the logits, above 0
   * @param u uniform in [0, 1)
   */
  record Draw(int token, double temperature, double u, LogitEdit edit) implements RowRequest {}

  /** All logits [V], without edit. */
  record Logits(int token) implements RowRequest {}

  /**
   * The logit of {@code id} and the log of the sum of exp of all logits, without edit: their
   * difference is the natural log of the id's probability.
   */
  record Score(int token, int id) implements RowRequest {}

  /** The hidden state [E] of {@link io.solebox.engine.graph.Graph.End.Rows} (embeddings). */
  record Hidden(int token) implements RowRequest {}
}
