package io.solebox.engine.graph;

import java.util.OptionalInt;

/** Which positions of its sequence a token attends to: all from a first one to a last one. */
public sealed interface Mask {
  /** The first position, at least 0, that a token at {@code position} sees. */
  int firstVisible(int position);

  /**
   * The last one.
   *
   * @param sequenceEnd the sequence's last position in this step
   */
  int lastVisible(int position, int sequenceEnd);

  /** How many positions up to itself a token can see; empty where there is no limit. */
  default OptionalInt window() {
    return OptionalInt.empty();
  }

  /**
   * Whether tokens see what comes after them. Such a sequence is computed in one step or not at
   * all: a part of it would be wrong for good.
   */
  default boolean seesAhead() {
    return false;
  }

  /** Everything from the start of the sequence to the token itself. */
  record Causal() implements Mask {
    @Override
    public int firstVisible(int position) {
      return 0;
    }

    @Override
    public int lastVisible(int position, int sequenceEnd) {
      return position;
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

    @Override
    public int lastVisible(int position, int sequenceEnd) {
      return position;
    }

    @Override
    public OptionalInt window() {
      return OptionalInt.of(tokens);
    }
  }

  /**
   * The positions of its own chunk of {@code tokens} up to the token itself (Llama 4). Chunks are
   * counted from the start of the sequence.
   */
  record Chunked(int tokens) implements Mask {
    @Override
    public int firstVisible(int position) {
      return position - position % tokens;
    }

    @Override
    public int lastVisible(int position, int sequenceEnd) {
      return position;
    }

    @Override
    public OptionalInt window() {
      return OptionalInt.of(tokens);
    }
  }

  /** Up to {@code reach} positions before and behind the token (ModernBERT, arXiv:2412.13663). */
  record Around(int reach) implements Mask {
    @Override
    public int firstVisible(int position) {
      return Math.max(0, position - reach);
    }

    @Override
    public int lastVisible(int position, int sequenceEnd) {
      return (int) Math.min(sequenceEnd, (long) position + reach);
    }

    @Override
    public boolean seesAhead() {
      return true;
    }
  }

  /** The whole sequence (BERT, arXiv:1810.04805). */
  record Bidirectional() implements Mask {
    @Override
    public int firstVisible(int position) {
      return 0;
    }

    @Override
    public int lastVisible(int position, int sequenceEnd) {
      return sequenceEnd;
    }

    @Override
    public boolean seesAhead() {
      return true;
    }
  }
}
