package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * How a quantized format scales the values of its codes. A run is so many neighbouring weights of a
 * block that share a scale.
 */
public sealed interface Scales {
  /** Weights of a run. */
  int run();

  /** Byte offset of the block's own scale; that of its minimums, where it has one, follows. */
  int at();

  /** Bits of the integers that a run has beside the scale of the block; 0 where it has none. */
  default int bits() {
    return 0;
  }

  /** Whether weights have minimums. */
  default boolean hasMinimums() {
    return false;
  }

  /** The block's own scale. */
  default float scale(MemorySegment src, long block) {
    return Le.f16(src, block + at());
  }

  /** The block's own minimum, or scale of minimums; only where it {@link #hasMinimums}. */
  default float minimum(MemorySegment src, long block) {
    return Le.f16(src, block + at() + 2);
  }

  /** Writes the block's own scale, rounded as it is stored. */
  default void putScale(MemorySegment dst, long block, float scale) {
    Le.putBits16(dst, block + at(), Float.floatToFloat16(scale));
  }

  /** Writes the block's own minimum, or scale of minimums. */
  default void putMinimum(MemorySegment dst, long block, float minimum) {
    Le.putBits16(dst, block + at() + 2, Float.floatToFloat16(minimum));
  }

  /** An f16 scale: {@code d value}. */
  record Single(int run, int at) implements Scales {}

  /** A power of two, E8M0, for values that are twice what they should be: {@code d value / 2}. */
  record Power(int run, int at) implements Scales {
    /** Exponent of an f32 less that of this, and one for the half. */
    private static final int BIAS = 128;

    @Override
    public float scale(MemorySegment src, long block) {
      return Math.scalb(1f, Le.unsignedByte(src, block + at) - BIAS);
    }

    /** The power that is nearest by its logarithm, or of the smallest or largest there is. */
    @Override
    public void putScale(MemorySegment dst, long block, float scale) {
      long exponent = Math.round(Math.log(Math.abs(scale)) / Math.log(2));
      Le.putByte(dst, block + at, Math.clamp(exponent + BIAS, 0, 254));
    }
  }

  /** An f16 scale and an f16 minimum: {@code d value + m}. */
  record Pair(int run, int at) implements Scales {
    @Override
    public boolean hasMinimums() {
      return true;
    }
  }

  /**
   * An f16 scale and an f16 scale of minimums, and for each run an unsigned integer to multiply
   * either: {@code d scale value - dmin min}.
   */
  record Nested(int run, int bits, int at) implements Scales {
    @Override
    public boolean hasMinimums() {
      return true;
    }
  }

  /** An f16 scale, and for each run a signed integer to multiply it: {@code d scale value}. */
  record Signed(int run, int bits, int at) implements Scales {}
}
