package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/** How the weights of one format become f32, bit by bit what the scalar truth makes of them. */
sealed interface RowFormat
    permits DotFormat, Q4KRows, Q4x0Rows, Q4x1Rows, Q5KRows, Q5x0Rows, Q5x1Rows, Q6KRows {

  /**
   * Dequantizes {@code count} weights (whole blocks) from byte {@code at} of {@code w} to {@code
   * out[outAt..]}. Where L does not divide the count, zeros follow up to the next multiple of L.
   */
  void unpack(MemorySegment w, long at, int count, float[] out, int outAt);

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
