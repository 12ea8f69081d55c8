package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** {@link TensorType#F32}: one float each. */
final class F32Layout implements BlockLayout, Quantizer {
  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    Le.f32(src, srcOffset, dst, dstOffset, count);
  }

  @Override
  public void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    Le.putF32(src, srcOffset, dst, dstOffset, count);
  }
}
