package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q5_1}: 32 weights {@code d * q + m}; f16 d, f16 m, u32 with bit j the fifth bit
 * of weight j, then 16 bytes, of which byte j holds weight j in its low and weight j + 16 in its
 * high half.
 */
final class Q51Layout implements BlockLayout {
  private static final int SIZE = TensorType.Q5_1.blockSize();
  private static final int BYTES = TensorType.Q5_1.blockBytes();

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = srcOffset;
    for (int i = dstOffset; i < dstOffset + count; i += SIZE, block += BYTES) {
      float d = Le.f16(src, block);
      float m = Le.f16(src, block + 2);
      int fifth = Le.bits32(src, block + 4);
      for (int j = 0; j < SIZE / 2; j++) {
        int q = Le.unsignedByte(src, block + 8 + j);
        int low = (q & 0xf) | ((fifth >>> j) & 1) << 4;
        int high = (q >>> 4) | ((fifth >>> (j + SIZE / 2)) & 1) << 4;
        dst[i + j] = low * d + m;
        dst[i + j + SIZE / 2] = high * d + m;
      }
    }
  }
}
