package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** {@link TensorType#F32}: one float each. */
final class F32Layout implements BlockLayout, Quantizer {
  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Le.f32(src, srcOffset + 4L * i);
    }
  }

  @Override
  public void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      Le.putF32(dst, dstOffset + 4L * i, src[srcOffset + i]);
    }
  }
}
