package io.solebox.backend.cuda;

import io.solebox.engine.tensor.TensorType;

/**
 * In how many parts the warps of a block share the columns of a matrix, so that one with few rows
 * fills the card as well. It decides bits, so it depends on the matrix and the card alone.
 */
final class ColumnSplit {
  /** Rows of a block whose warps share nothing. */
  static final int ROWS = 8;

  /** A block has four warps. */
  private static final int MOST = 2;

  /** Blocks that a multiprocessor holds at a time. */
  private static final int RESIDENT = 6;

  /** Units of a round of a warp; with fewer than two rounds it has too few loads under way. */
  private static final int ROUND = 32;

  private ColumnSplit() {}

  /** The logarithm of the number of parts, as the kernels of {@code linear_} take it. */
  static int of(int rows, int cols, TensorType type, int multiprocessors) {
    int blocks = Math.ceilDiv(rows, ROWS);
    int units = cols / PlaneLayout.of(type).unit();
    int split = 0;
    while (split < MOST
        && blocks << split < RESIDENT * multiprocessors
        && units >= 2 * ROUND << split + 1) {
      split++;
    }
    return split;
  }
}
