package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q4_K}: 256 weights in 8 sub-blocks of 32, {@code d * scale * q - dmin * min};
 * f16 d, f16 dmin, 12 bytes of {@link KScales}, then 128 bytes: each 32 hold an even sub-block in
 * their low and the next in their high halves.
 */
final class Q4KLayout implements BlockLayout {
  private static final int SIZE = TensorType.Q4_K.blockSize();
  private static final int BYTES = TensorType.Q4_K.blockBytes();

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = srcOffset;
    for (int i = dstOffset; i < dstOffset + count; i += SIZE, block += BYTES) {
      float d = Le.f16(src, block);
      float dmin = Le.f16(src, block + 2);
      for (int sub = 0; sub < 8; sub++) {
        float scale = d * KScales.scale(src, block + 4, sub);
        float min = dmin * KScales.min(src, block + 4, sub);
        long q = block + 16 + 32L * (sub / 2);
        int shift = 4 * (sub & 1);
        for (int j = 0; j < 32; j++) {
          dst[i + 32 * sub + j] = scale * ((Le.unsignedByte(src, q + j) >>> shift) & 0xf) - min;
        }
      }
    }
  }
}
