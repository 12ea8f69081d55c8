package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q4_0}: 32 weights {@code d * (q - 8)}; f16 d, then 16 bytes, of which byte j
 * holds weight j in its low and weight j + 16 in its high half.
 */
final class Q40Layout implements BlockLayout {
  private static final int SIZE = TensorType.Q4_0.blockSize();
  private static final int BYTES = TensorType.Q4_0.blockBytes();

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = srcOffset;
    for (int i = dstOffset; i < dstOffset + count; i += SIZE, block += BYTES) {
      float d = Le.f16(src, block);
      for (int j = 0; j < SIZE / 2; j++) {
        int q = Le.unsignedByte(src, block + 2 + j);
        dst[i + j] = ((q & 0xf) - 8) * d;
        dst[i + j + SIZE / 2] = ((q >>> 4) - 8) * d;
      }
    }
  }
}
