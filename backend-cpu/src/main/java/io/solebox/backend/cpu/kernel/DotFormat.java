package io.solebox.backend.cpu.kernel;

import java.lang.foreign.MemorySegment;

/**
 * A format whose weights are used as the file has them whatever the plan wants, so one token has a
 * kernel of its own. Both turn a stored weight into the same f32 value and both multiply-add it
 * into lane {@code k mod L} of the row's accumulator in ascending order of k, so a result does not
 * depend on which of the two made it.
 */
sealed interface DotFormat extends RowFormat permits Bf16Rows, F16Rows, F32Rows, Q8x0Rows {
  /**
   * {@code out[outAt + r] = dot(row r, x)} for {@code rows} rows of {@code cols} weights, the first
   * at byte {@code at}, straight from the stored blocks.
   *
   * @param x f32 [cols] at byte {@code xAt}
   */
  void dot(
      MemorySegment w,
      long at,
      int rows,
      int cols,
      MemorySegment x,
      long xAt,
      float[] out,
      int outAt);
}
