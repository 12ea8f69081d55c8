package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q6_K}: 256 weights in 16 sub-blocks of 16, {@code d * scale * (q - 32)}; 128
 * bytes of low halves, 64 bytes of upper bit pairs, i8 scales[16], f16 d. Within each half of 128
 * weights, quarter k (32 weights) takes its low four bits from byte {@code 32 * (k & 1) + j} (high
 * half of the byte for k of 2 and 3) and its upper two from bits {@code 2k} of byte j.
 */
final class Q6KLayout implements BlockLayout {
  private static final int SIZE = TensorType.Q6_K.blockSize();
  private static final int BYTES = TensorType.Q6_K.blockBytes();

  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = srcOffset;
    for (int i = dstOffset; i < dstOffset + count; i += SIZE, block += BYTES) {
      float d = Le.f16(src, block + 208);
      for (int quarter = 0; quarter < 8; quarter++) {
        int half = quarter / 4;
        int k = quarter % 4;
        long low = block + 64L * half + 32L * (k & 1);
        long high = block + 128 + 32L * half;
        for (int j = 0; j < 32; j++) {
          float scale = d * Le.signedByte(src, block + 192 + 2L * quarter + j / 16);
          int bits = (Le.unsignedByte(src, low + j) >>> (4 * (k / 2))) & 0xf;
          int q = bits | ((Le.unsignedByte(src, high + j) >>> (2 * k)) & 3) << 4;
          dst[i + 32 * quarter + j] = scale * (q - 32);
        }
      }
    }
  }
}
