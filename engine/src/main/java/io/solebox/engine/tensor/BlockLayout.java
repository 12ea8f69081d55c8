package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * How one storage format lays out weights, and the scalar truth of what they are worth. Kernels
 * must equal it. Stateless; safe for many threads. Formats are those of ggml-org/ggml
 * (src/ggml-common.h and ggml-quants.c, {@code dequantize_row_*}); all numbers are little-endian.
 */
public interface BlockLayout {
  /**
   * Writes {@code count} weights as floats.
   *
   * @param srcOffset in bytes, at the start of a block; need not be aligned
   * @param count a multiple of the format's block size
   */
  void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count);
}
