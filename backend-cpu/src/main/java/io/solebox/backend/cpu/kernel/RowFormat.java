package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * The kernels of one weight format. Both turn a stored weight into the same f32 value and both
 * multiply-add it into lane {@code k mod L} of the row's accumulator in ascending order of k, so a
 * result does not depend on which of the two made it.
 */
public sealed interface RowFormat
    permits Bf16Rows,
        F16Rows,
        F32Rows,
        Q4KRows,
        Q4x0Rows,
        Q4x1Rows,
        Q5KRows,
        Q5x0Rows,
        Q5x1Rows,
        Q6KRows,
        Q8x0Rows {

  /**
   * Dequantizes {@code count} weights (whole blocks) from byte {@code at} of {@code w} to {@code
   * out[outAt..]}. Where L does not divide the count, zeros follow up to the next multiple of L.
   */
  void unpack(MemorySegment w, long at, int count, float[] out, int outAt);

  /**
   * {@code out[outAt + r] = dot(row r, x)} for {@code rows} rows of {@code cols} weights, the first
   * at byte {@code at}, straight from the stored blocks. Where the memory is slower than the
   * arithmetic, four rows go at once, each from a quarter of the range: four long sequential
   * streams.
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

  /** The kernels of {@code type}. */
  static RowFormat of(TensorType type) {
    return switch (type) {
      case F32 -> new F32Rows();
      case F16 -> new F16Rows();
      case BF16 -> new Bf16Rows();
      case Q8_0 -> new Q8x0Rows();
      case Q4_0 -> new Q4x0Rows();
      case Q4_1 -> new Q4x1Rows();
      case Q5_0 -> new Q5x0Rows();
      case Q5_1 -> new Q5x1Rows();
      case Q4_K -> new Q4KRows();
      case Q5_K -> new Q5KRows();
      case Q6_K -> new Q6KRows();
    };
  }
}
