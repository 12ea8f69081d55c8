package io.solebox.backend.cuda;

import io.solebox.engine.backend.RowRequest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of a part that are drawn from, and rows whose given id is scored, with their numbers: arrays
 * of 32-bit words, each as long as the part has rows at most.
 *
 * @param draws rows of the part
 * @param scores rows of the part
 */
record Choices(List<Integer> draws, List<Integer> scores) {
  /** Row, inverse temperature, u; row, id. */
  static final int ARRAYS = 5;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Those of a part that the device answers. */
  static Choices of(Part part, List<Part.Row> onHost) {
    var draws = new ArrayList<Integer>();
    var scores = new ArrayList<Integer>();
    for (int r = 0; r < part.rows().size(); r++) {
      Part.Row row = part.rows().get(r);
      if (!onHost.contains(row)) {
        switch (row.request()) {
          case RowRequest.Draw _ -> draws.add(r);
          case RowRequest.Score _ -> scores.add(r);
          case RowRequest.Argmax _, RowRequest.TopK _, RowRequest.Nucleus _ -> {}
          case RowRequest.Logits _, RowRequest.Hidden _ -> {}
        }
      }
    }
    return new Choices(draws, scores);
  }

  /** Byte offset of an array; {@code rows} of the largest part. */
  static long at(int array, int rows) {
    return (long) Integer.BYTES * array * rows;
  }

  void write(Part part, int rows, MemorySegment to) {
    for (int i = 0; i < draws.size(); i++) {
      var draw = (RowRequest.Draw) part.rows().get(draws.get(i)).request();
      to.set(INT, at(0, rows) + 4L * i, draws.get(i));
      to.set(FLOAT, at(1, rows) + 4L * i, (float) (1 / draw.temperature()));
      to.set(FLOAT, at(2, rows) + 4L * i, (float) draw.u());
    }
    for (int i = 0; i < scores.size(); i++) {
      var score = (RowRequest.Score) part.rows().get(scores.get(i)).request();
      to.set(INT, at(3, rows) + 4L * i, scores.get(i));
      to.set(INT, at(4, rows) + 4L * i, score.id());
    }
  }

  boolean isEmpty() {
    return draws.isEmpty() && scores.isEmpty();
  }
}
