package io.solebox.backend.cuda;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.RowRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A part of a step that runs by itself: up to {@link DecodeBatch#LANES} single tokens of as many
 * sequences, or prompt chunks. The parts of a step give the same as the step, since each sequence's
 * tokens stay in order.
 *
 * @param tokens indices into the batch, ascending
 * @param sequences the sequences of the batch that take part, in the order of their tokens
 * @param rows what is wanted of them
 */
record Part(int[] tokens, int[] sequences, List<Row> rows) {
  /**
   * @param token index into {@link Part#tokens()}
   * @param slot where the answer goes
   */
  record Row(int token, int slot, RowRequest request) {}

  /**
   * Single tokens decode together, each group in one part; what comes with more tokens is a
   * prompt's chunk.
   */
  static List<Part> of(Batch batch) {
    int[] tokensOf = new int[batch.sequences().size()];
    for (int s : batch.sequenceOf()) {
      tokensOf[s]++;
    }
    var parts = new ArrayList<Part>();
    var decode = new ArrayList<Integer>();
    var prefill = new ArrayList<Integer>();
    for (int t = 0; t < batch.size(); t++) {
      boolean single = tokensOf[batch.sequenceOf()[t]] == 1;
      (single ? decode : prefill).add(t);
    }
    for (int at = 0; at < decode.size(); at += DecodeBatch.LANES) {
      int to = Math.min(decode.size(), at + DecodeBatch.LANES);
      parts.add(part(decode.subList(at, to), batch));
    }
    if (!prefill.isEmpty()) {
      parts.add(part(prefill, batch));
    }
    return parts;
  }

  /** Whether attention goes token by token: of single tokens, and of chunks that are short. */
  boolean isDecode() {
    return tokens.length == sequences.length || tokens.length <= DecodeBatch.LARGEST;
  }

  private static Part part(List<Integer> indices, Batch batch) {
    int[] tokens = indices.stream().mapToInt(i -> i).toArray();
    int[] sequences = indices.stream().mapToInt(i -> batch.sequenceOf()[i]).distinct().toArray();
    var rows = new ArrayList<Row>();
    for (int slot = 0; slot < batch.rows().size(); slot++) {
      RowRequest request = batch.rows().get(slot);
      int token = Arrays.binarySearch(tokens, request.token());
      if (token >= 0) {
        rows.add(new Row(token, slot, request));
      }
    }
    return new Part(tokens, sequences, rows);
  }
}
