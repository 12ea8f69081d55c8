package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** Turns floats into blocks of one storage format. Stateless; safe for many threads. */
public interface Quantizer {
  /**
   * Writes {@code count} floats as blocks.
   *
   * @param dstOffset in bytes; need not be aligned
   * @param count a multiple of the format's block size
   */
  void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count);
}
