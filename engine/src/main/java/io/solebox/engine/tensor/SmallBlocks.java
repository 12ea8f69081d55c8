package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Writes blocks of 32 evenly spaced codes behind an f16 scale: {@link TensorType#Q4_0}, {@link
 * TensorType#Q5_0} and {@link TensorType#Q8_0}.
 */
public final class SmallBlocks {
  /** Codes of a block. */
  public static final int SIZE = 32;

  /** The smallest f16 of all 11 bits, the smallest of any, and the largest. */
  private static final float SMALLEST_NORMAL = 0x1p-14f;

  private static final float SMALLEST = 0x1p-24f;
  private static final float LARGEST = 65504;

  private SmallBlocks() {}

  /**
   * Writes {@code scale * values}; a scale that f16 holds only with fewer bits becomes the nearest
   * that it does hold, and the codes make up for it as well as they can.
   *
   * @param at where the block begins
   * @param values of {@link #SIZE}, which the format has codes for; they may be changed
   */
  public static void put(MemorySegment dst, long at, TensorType type, float scale, int[] values) {
    short half = Float.floatToFloat16(scale);
    float stored = Float.float16ToFloat(half);
    if (stored != scale && (Math.abs(stored) < SMALLEST_NORMAL || Float.isInfinite(stored))) {
      rescale(dst, at, type, scale, values);
      return;
    }
    write(dst, at, type, half, values);
  }

  private static void rescale(
      MemorySegment dst, long at, TensorType type, float scale, int[] values) {
    float clamped = Math.copySign(Math.clamp(Math.abs(scale), SMALLEST, LARGEST), scale);
    short half = Float.floatToFloat16(clamped);
    float stored = Float.float16ToFloat(half);
    Codebook codes = type.family().orElseThrow().codes();
    for (int i = 0; i < SIZE; i++) {
      long nearest = Math.round((double) scale * values[i] / stored);
      values[i] = Math.clamp(nearest, codes.smallest(), codes.largest());
    }
    write(dst, at, type, half, values);
  }

  private static void write(
      MemorySegment dst, long at, TensorType type, short scale, int[] values) {
    Le.putBits16(dst, at, scale);
    switch (type) {
      case Q4_0 -> NibbleLayout.put(dst, at + 2, values);
      case Q5_0 -> FiveBitLayout.put(dst, at + 2, values);
      case Q8_0 -> Q80Layout.put(dst, at + 2, values);
      default -> throw new IllegalArgumentException(type + " has no such blocks");
    }
  }
}
