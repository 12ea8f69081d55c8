package io.solebox.store.quantize;

import io.solebox.engine.source.TensorInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one matrix that are worked on at once: what a thread holds in memory.
 *
 * @param tensor its number in the plan
 * @param number among the chunks of its tensor
 * @param matrix the expert that the rows are of; 0 without experts
 * @param row the first, of all rows of the tensor
 */
record Chunk(int tensor, int number, int matrix, int row, int rows) {
  /** Weights of a chunk, as long as rows are not longer. */
  private static final int WEIGHTS = 1 << 18;

  /** All of a tensor, in the order of its rows. */
  static List<Chunk> of(int tensor, QuantizePlan.Planned planned) {
    TensorInfo info = planned.source();
    int most = Math.max(1, WEIGHTS / info.cols());
    int rowsOfMatrix = info.rows() / planned.matrices();
    var chunks = new ArrayList<Chunk>();
    for (int row = 0; row < info.rows(); ) {
      int matrix = row / rowsOfMatrix;
      int rows = Math.min(most, (matrix + 1) * rowsOfMatrix - row);
      chunks.add(new Chunk(tensor, chunks.size(), matrix, row, rows));
      row += rows;
    }
    return chunks;
  }
}
