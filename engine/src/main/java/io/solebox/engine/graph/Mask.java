package io.solebox.engine.graph;

/** Which earlier positions a token attends to. */
public sealed interface Mask {
  /**
   * The first position, at least 0, that a token at {@code position} sees; it sees all from there
   * to itself.
   */
  int firstVisible(int position);

  /** Everything from the start of the sequence. */
  record Causal() implements Mask {
    @Override
    public int firstVisible(int position) {
      return 0;
    }
  }

  /**
   * Only the last {@code tokens} positions, the token itself included (Mistral, arXiv:2310.06825).
   */
  record SlidingWindow(int tokens) implements Mask {
    @Override
    public int firstVisible(int position) {
      return Math.max(0, position - tokens + 1);
    }
  }
}
