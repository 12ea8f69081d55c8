package io.solebox.backend.cpu.kernel;

import io.solebox.engine.tensor.BlockLayout;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Dequantizes single rows: the embedding of a token, and small vectors once at load. They are too
 * few for vectors to matter.
 */
public final class EmbedKernel {
  private EmbedKernel() {}

  /** All {@code count} weights of a vector. */
  public static float[] vector(TensorType type, MemorySegment w, int count) {
    float[] out = new float[count];
    BlockLayouts.of(type).dequantize(w, 0, out, 0, count);
    return out;
  }

  /** Writes row {@code row} of a table [rows, cols] to f32 [cols] at byte {@code outAt}. */
  public static void row(
      TensorType type,
      MemorySegment table,
      int row,
      int cols,
      MemorySegment out,
      long outAt,
      LinearKernel.Scratch scratch) {
    BlockLayout layout = BlockLayouts.of(type);
    long at = row * type.bytes(cols);
    for (int k = 0; k < cols; k += LinearKernel.SLAB) {
      int n = Math.min(LinearKernel.SLAB, cols - k);
      layout.dequantize(table, at + type.bytes(k), scratch.weights, 0, n);
      MemorySegment.copy(scratch.weights, 0, out, Lanes.FLOAT, outAt + 4L * k, n);
    }
  }
}
