package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A value's memory: f32 [rows, width], dense.
 *
 * @param perRow whether it has a row per requested row instead of per token
 */
record Buffer(MemorySegment data, int width, boolean perRow) {
  /** Rows that it has in this frame. */
  int rows(Frame frame) {
    return perRow ? frame.rows() : frame.tokens();
  }

  /** Byte offset of a row. */
  long at(int row) {
    return (long) Float.BYTES * row * width;
  }
}
