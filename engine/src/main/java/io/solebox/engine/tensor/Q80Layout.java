package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q8_0}: 32 weights {@code d * q}; f16 d, i8 q[32]. As codes, these are the bytes
 * plus 128.
 */
final class Q80Layout extends CodedLayout implements Quantizer {
  private static final int SIZE = TensorType.Q8_0.blockSize();
  private static final int BYTES = TensorType.Q8_0.blockBytes();

  Q80Layout() {
    super(TensorType.Q8_0);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < SIZE / 4; i++) {
      codes[i] = Le.bits32(src, block + 2 + 4L * i) ^ 0x80808080;
    }
  }

  /** The same in fewer steps: caches of keys and values are read by it, too. */
  @Override
  public void dequantize(MemorySegment src, long srcOffset, float[] dst, int dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = srcOffset;
    for (int i = dstOffset; i < dstOffset + count; i += SIZE, block += BYTES) {
      float d = Le.f16(src, block);
      for (int j = 0; j < SIZE; j++) {
        dst[i + j] = Le.signedByte(src, block + 2 + j) * d;
      }
    }
  }

  /** As ggml's {@code quantize_row_q8_0_ref}; a block with a NaN becomes all NaN. */
  @Override
  public void quantize(float[] src, int srcOffset, MemorySegment dst, long dstOffset, int count) {
    assert count % SIZE == 0 : count;
    long block = dstOffset;
    for (int i = srcOffset; i < srcOffset + count; i += SIZE, block += BYTES) {
      float largest = 0;
      for (int j = 0; j < SIZE; j++) {
        largest = Math.max(largest, Math.abs(src[i + j]));
      }
      float d = largest / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      Le.putBits16(dst, block, Float.floatToFloat16(d));
      for (int j = 0; j < SIZE; j++) {
        Le.putByte(dst, block + 2 + j, round(src[i + j] * inverse));
      }
    }
  }

  /** Writes the bytes behind a scale. */
  static void put(MemorySegment dst, long at, int[] values) {
    for (int j = 0; j < SIZE; j++) {
      Le.putByte(dst, at + j, values[j]);
    }
  }

  /** To nearest, halves away from zero; the limits hold where 1/d overflowed. */
  private static int round(float value) {
    double magnitude = Math.min(Math.floor(Math.abs((double) value) + 0.5), 127);
    return (int) Math.copySign(magnitude, value);
  }
}
