package io.solebox.engine.source.huggingface;

import io.solebox.engine.source.safetensors.StoredTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whole numbers packed into words of 32 bits, in the orders that formats have.
 *
 * @param data of a matrix of words, row-major
 * @param width words of a row
 * @param bits of a number
 */
record PackedInts(MemorySegment data, int width, int bits) {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

  /** The place in a word of 8 numbers (AutoAWQ: awq/utils/packing_utils.py, AWQ_ORDER). */
  private static final int[] AWQ = {0, 4, 1, 5, 2, 6, 3, 7};

  static PackedInts of(StoredTensor tensor, MemorySegment data, int bits) {
    return new PackedInts(data, Math.toIntExact(tensor.shape().getLast()), bits);
  }

  private int each() {
    return 32 / bits;
  }

  private int mask() {
    return (1 << bits) - 1;
  }

  private int word(long row, long column) {
    return data.get(INT, 4 * (row * width + column));
  }

  /** A number of a matrix whose rows are packed along the columns. */
  int along(int row, int column) {
    return word(row, column / each()) >>> column % each() * bits & mask();
  }

  /** A number of a matrix whose columns are packed along the rows. */
  int down(int row, int column) {
    return word(row / each(), column) >>> row % each() * bits & mask();
  }

  /** As {@link #along}, in the order of AWQ. */
  int alongAwq(int row, int column) {
    return word(row, column / 8) >>> AWQ[column % 8] * 4 & 15;
  }

  /** Rows packed along the columns. */
  void unpackAlong(int row, int count, int cols, byte[] into) {
    int each = each();
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < cols; c += each) {
        int word = word(row + r, c / each);
        for (int k = 0; k < Math.min(each, cols - c); k++) {
          into[r * cols + c + k] = (byte) (word >>> k * bits & mask());
        }
      }
    }
  }

  /** Columns of a matrix that is packed along its rows, as rows. */
  void unpackColumns(int column, int count, int cols, byte[] into) {
    int each = each();
    for (int c = 0; c < cols; c += each) {
      for (int r = 0; r < count; r++) {
        int word = word(c / each, column + r);
        for (int k = 0; k < Math.min(each, cols - c); k++) {
          into[r * cols + c + k] = (byte) (word >>> k * bits & mask());
        }
      }
    }
  }

  /** Columns of a matrix in the order of AWQ, as rows. */
  void unpackColumnsAwq(int column, int count, int cols, byte[] into) {
    for (int c = 0; c < cols; c++) {
      for (int r = 0; r < count; r++) {
        into[r * cols + c] = (byte) alongAwq(c, column + r);
      }
    }
  }
}
