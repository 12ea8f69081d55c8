package io.solebox.backend.cuda;

/**
 * Activations in 8 bits: a plane of int8, then one of 8 bytes per block of 32 (scale and sums). The
 * second plane begins where the first ends in the largest step, so that both have one address for a
 * plan's life.
 */
final class Rounding {
  static final int BLOCK = 32;

  private static final int BYTES_PER_BLOCK = BLOCK + 8;

  private Rounding() {}

  /** Floats that take as much room as a row of {@code width} elements. */
  static int floats(int width) {
    return width / BLOCK * BYTES_PER_BLOCK / Float.BYTES;
  }

  /** Elements of a row that takes the room of {@code floats} floats. */
  static int width(int floats) {
    return floats * Float.BYTES / BYTES_PER_BLOCK * BLOCK;
  }

  /** Where the scales of a value of {@code rows} rows begin, relative to its quants. */
  static long scalesAt(int rows, int width) {
    return (long) rows * width;
  }
}
