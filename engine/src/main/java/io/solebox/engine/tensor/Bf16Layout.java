package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#BF16}: the upper half of a float; rounding is to nearest, ties to even, and a
 * NaN stays a (quiet) NaN.
 */
final class Bf16Layout implements BlockLayout, Quantizer {
  private static final int QUIET = 0x40;

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      dst[dstOffset + i] = Float.intBitsToFloat(Le.bits16(src, srcOffset + 2L * i) << 16);
    }
  }

  @Override
  public void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    for (int i = 0; i < count; i++) {
      Le.putBits16(dst, dstOffset + 2L * i, round(src[srcOffset + i]));
    }
  }

  private static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | QUIET);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
