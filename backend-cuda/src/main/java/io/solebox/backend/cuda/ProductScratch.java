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
 * @param orderBytes slots of a prompt's tokens by expert
 * @param tileBytes what part of that order each block takes
 */
record ProductScratch(long counterBytes, long halfBytes, long orderBytes, long tileBytes) {
  /** Slots of one expert that a block takes at most. */
  static final int TILE = 64;

  /** Expert, first slot, number of slots. */
  private static final int TILE_WORDS = 3;

  static ProductScratch of(List<Node> nodes, Limits limits) {
    int counters = 0;
    int halves = 0;
    // The head's columns are rows, of which more may be asked for than a step has tokens.
    int rows = Math.max(Places.rows(false, limits), Places.rows(true, limits));
    int slots = 0;
    int tiles = 0;
    for (Node node : nodes) {
      counters = Math.max(counters, node.counters());
      for (Node.Product product : node.products()) {
        halves = Math.max(halves, product.columns() * halves(product.weights().getFirst()));
      }
      if (node instanceof GroupNode.Experts e) {
        int ofNode = Math.multiplyExact(rows, e.op().used());
        slots = Math.max(slots, ofNode);
        tiles = Math.max(tiles, tiles(ofNode, e.experts()));
      }
    }
    return new ProductScratch(
        Places.align((long) Integer.BYTES * counters),
        Places.align((long) Short.BYTES * rows * halves),
        Places.align((long) Integer.BYTES * slots),
        Places.align((long) Integer.BYTES * TILE_WORDS * tiles));
  }

  /** The most tiles that slots make, however they are spread over experts. */
  static int tiles(int slots, int experts) {
    return slots / TILE + Math.min(slots, experts);
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
    return counterBytes + halfBytes + orderBytes + tileBytes;
  }
}
