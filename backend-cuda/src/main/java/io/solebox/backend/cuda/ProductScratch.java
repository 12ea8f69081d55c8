package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.util.List;

/**
 * What products need beside their operands. Shared by all layers.
 *
 * @param counterBytes counters that the blocks of one kernel share; every kernel that uses them
 *     leaves them zero
 * @param halfBytes the columns of a prompt in 16 bits, for a product on tensor cores
 */
record ProductScratch(long counterBytes, long halfBytes) {
  static ProductScratch of(List<Node> nodes, Limits limits) {
    int counters = 0;
    int halves = 0;
    for (Node node : nodes) {
      counters = Math.max(counters, node.counters());
      for (List<Weight> stack : node.products()) {
        halves = Math.max(halves, halves(stack.getFirst()));
      }
    }
    // The head's columns are rows, of which more may be asked for than a step has tokens.
    long rows = Math.max(Places.rows(false, limits), Places.rows(true, limits));
    return new ProductScratch(
        Places.align((long) Integer.BYTES * counters), Places.align(Short.BYTES * rows * halves));
  }

  /** Elements of a column that this weight may meet in 16 bits. */
  private static int halves(Weight w) {
    return w.type() == TensorType.F16 || w.type() == TensorType.BF16 ? padded(w.cols()) : 0;
  }

  /** Elements from one column in 16 bits to the next: a multiple of 16 bytes. */
  static int padded(int cols) {
    return Math.ceilDiv(cols, 8) * 8;
  }

  long bytes() {
    return counterBytes + halfBytes;
  }
}
