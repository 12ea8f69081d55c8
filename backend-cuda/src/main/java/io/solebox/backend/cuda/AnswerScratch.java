package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Value;

/**
 * What picking from logits takes on the device.
 *
 * @param vocabulary V; 0 for a stage that gives a hidden state
 * @param hidden E, of the normed hidden state that a row may ask for
 * @param rows the most rows of a part
 */
record AnswerScratch(int vocabulary, int hidden, int rows) {
  /** The largest k that the device picks; more is picked on the host from a copied row. */
  static final int MAX_K = 256;

  /** Entries of all biases of a part; rows beyond that are picked on the host. */
  static final int MAX_BIASES = 1 << 16;

  /** Bytes of one best id, with its logit and the row's log of the sum of exp. */
  static final int BEST_BYTES = 16;

  private static final int STATS_CHUNK = 4096;
  private static final int TOP_CHUNK = 2048;
  private static final int STATS_BYTES = 16;

  static AnswerScratch of(Graph graph, Limits limits) {
    return switch (graph.end()) {
      case Graph.End.Rows end ->
          new AnswerScratch(
              end.logits().map(Value::width).orElse(0),
              end.hidden().width(),
              Places.rows(true, limits));
      case Graph.End.Hidden _, Graph.End.Elsewhere _ -> new AnswerScratch(0, 0, 0);
    };
  }

  int statsChunks() {
    return Math.ceilDiv(vocabulary, STATS_CHUNK);
  }

  /** Lists of k that one pass over {@code count} keys leaves. */
  static int topChunks(int count) {
    return Math.ceilDiv(count, TOP_CHUNK);
  }

  long statsBytes() {
    return Places.align((long) STATS_BYTES * rows * statsChunks());
  }

  long bestBytes() {
    return Places.align((long) BEST_BYTES * rows);
  }

  /** Of one of the two buffers that the passes of top-k go back and forth between. */
  long keysBytes() {
    return Places.align((long) Long.BYTES * rows * topChunks(vocabulary) * MAX_K);
  }

  /** Four arrays: row, id, repetition, addend. */
  long biasBytes() {
    return vocabulary == 0 ? Places.align(0) : 4L * Integer.BYTES * MAX_BIASES;
  }

  /** 32-bit words of a mask over the vocabulary. */
  int maskWords() {
    return Math.ceilDiv(vocabulary, Integer.SIZE);
  }

  /** A row number for each mask, and then the masks. */
  long maskBytes() {
    return Places.align((long) Integer.BYTES * rows * (1 + maskWords()));
  }

  /** What rows are drawn from or scored, with their numbers: an array of words for each. */
  long choiceBytes() {
    return Places.align((long) Integer.BYTES * Choices.ARRAYS * rows);
  }

  /** What was drawn and scored: an id and a logit, and a logit. */
  long chosenBytes() {
    return Places.align(3L * Integer.BYTES * rows);
  }

  /** The weights of a row that is drawn from, by chunks. */
  long sumsBytes() {
    return Places.align((long) Float.BYTES * rows * statsChunks());
  }

  /** Of the longest row that is ever copied whole; in host memory alone. */
  long rowBytes() {
    return (long) Float.BYTES * Math.max(vocabulary, hidden);
  }

  long bytes() {
    return statsBytes()
        + bestBytes()
        + 2 * keysBytes()
        + biasBytes()
        + maskBytes()
        + choiceBytes()
        + chosenBytes()
        + sumsBytes();
  }
}
