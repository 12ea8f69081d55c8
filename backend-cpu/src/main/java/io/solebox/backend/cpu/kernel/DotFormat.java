package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;

/**
 * A format whose weights are used as the file has them whatever the plan wants, so one token has a
 * kernel of its own. Both turn a stored weight into the same f32 value and both multiply-add it
 * into lane {@code k mod L} of the row's accumulator in ascending order of k, so a result does not
 * depend on which of the two made it.
 */
sealed interface DotFormat extends RowFormat permits ByteRows, FloatRows {
  /**
   * {@code out[outAt + r] = dot(row r, x)} for {@code rows} rows of {@code cols} weights, the first
   * at byte {@code at}, straight from the stored blocks.
   *
   * @param x f32 [cols] at byte {@code xAt}
   */
  default void dot(
      MemorySegment w,
      long at,
      int rows,
      int cols,
      MemorySegment x,
      long xAt,
      float[] out,
      int outAt) {
    long rowBytes = rowBytes(cols);
    int main = cols - cols % L;
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      // An odd row out is computed twice.
      int other = Math.min(r + half, rows - 1);
      long w0 = at + r * rowBytes;
      long w1 = at + other * rowBytes;
      dot2(w, w0, w1, main, x, xAt, out, outAt + r, outAt + other);
      if (main < cols) {
        out[outAt + r] = tail(out[outAt + r], w, w0, main, cols, x, xAt);
      }
      if (main < cols && other != r) {
        out[outAt + other] = tail(out[outAt + other], w, w1, main, cols, x, xAt);
      }
    }
  }

  /** Bytes of a row of so many weights. */
  long rowBytes(int cols);

  /**
   * The first {@code count} columns, whole vectors, of the rows at bytes {@code w0} and {@code w1}.
   */
  void dot2(
      MemorySegment w,
      long w0,
      long w1,
      int count,
      MemorySegment x,
      long xAt,
      float[] out,
      int out0,
      int out1);

  /** Adds the columns behind the last whole vector to {@code sum}. */
  float tail(float sum, MemorySegment w, long at, int from, int cols, MemorySegment x, long xAt);
}
