package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** {@link TensorType#F16}: IEEE binary16; rounding is to nearest, ties to even. */
final class F16Layout implements BlockLayout, Quantizer {
  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Le.f16(src, srcOffset + 2L * i);
    }
  }

  @Override
  public void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      Le.putBits16(dst, dstOffset + 2L * i, Float.floatToFloat16(src[srcOffset + i]));
    }
  }
}
