package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q5_K}: 256 weights in 8 sub-blocks of 32, {@code d * scale * q - dmin * min};
 * f16 d, f16 dmin, 12 bytes of {@link KScales}, 32 bytes of fifth bits (bit s of byte j belongs to
 * weight j of sub-block s), then 128 bytes as in {@link Q4KLayout}.
 */
final class Q5KLayout implements BlockLayout {
  private static final int SIZE = TensorType.Q5_K.blockSize();
  private static final int BYTES = TensorType.Q5_K.blockBytes();

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
        long q = block + 48 + 32L * (sub / 2);
        int shift = 4 * (sub & 1);
        for (int j = 0; j < 32; j++) {
          int low = (Le.unsignedByte(src, q + j) >>> shift) & 0xf;
          int fifth = (Le.unsignedByte(src, block + 16 + j) >>> sub) & 1;
          dst[i + 32 * sub + j] = scale * (low | fifth << 4) - min;
        }
      }
    }
  }
}
