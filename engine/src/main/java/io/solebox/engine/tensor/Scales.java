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

  /**
   * An f16 scale, and for each run an odd integer of one bit more than so many to multiply it, and
   * values that are 2^{@code shift} times what they should be: {@code d (2 scale + 1) value /
   * 2^shift}.
   */
  record Odd(int run, int bits, int at, int shift) implements Scales {
    @Override
    public float scale(MemorySegment src, long block) {
      return Math.scalb(Le.f16(src, block + at), -shift);
    }

    @Override
    public void putScale(MemorySegment dst, long block, float scale) {
      Le.putBits16(dst, block + at, Float.floatToFloat16(Math.scalb(scale, shift)));
    }
  }

  /** The same with an f16 in four pieces: the top four bits of as many u16, the lowest first. */
  record Scattered(int run, int bits, int at, int shift) implements Scales {
    private static final int PIECES = 4;

    @Override
    public float scale(MemorySegment src, long block) {
      int half = 0;
      for (int i = 0; i < PIECES; i++) {
        half |= (Le.unsignedByte(src, block + at + 2L * i + 1) >>> 4) << 4 * i;
      }
      return Math.scalb(Float.float16ToFloat((short) half), -shift);
    }

    @Override
    public void putScale(MemorySegment dst, long block, float scale) {
      int half = Float.floatToFloat16(Math.scalb(scale, shift));
      for (int i = 0; i < PIECES; i++) {
        long to = block + at + 2L * i + 1;
        int piece = half >>> 4 * i & 15;
        Le.putByte(dst, to, Le.unsignedByte(dst, to) & 15 | piece << 4);
      }
    }
  }

  /**
   * No scale of the block, but for each of {@code runs} runs a float of 8 bits without a sign,
   * UE4M3, for values that are twice what they should be. As integers, these are multiples of the
   * smallest one.
   */
  record Minifloats(int run, int at, int runs) implements Scales {
    private static final int MANTISSA_BITS = 3;
    private static final int NAN = 0x7f;
    private static final int LARGEST = 0x7e;
    private static final float UNIT = 0x1p-10f;

    @Override
    public float scale(MemorySegment src, long block) {
      return UNIT;
    }

    /** What a byte stands for, in units of {@link #scale}. What is no number counts as 0. */
    static int units(int bits) {
      if (bits == NAN) {
        return 0;
      }
      int exponent = bits >>> MANTISSA_BITS & 15;
      int mantissa = bits & 7;
      return exponent == 0 ? mantissa : (8 | mantissa) << exponent - 1;
    }

    /** To each run the number that is nearest. */
    @Override
    public void putScale(MemorySegment dst, long block, float scale) {
      int nearest = 0;
      for (int bits = 0; bits <= LARGEST; bits++) {
        if (distance(bits, scale) < distance(nearest, scale)) {
          nearest = bits;
        }
      }
      for (int r = 0; r < runs; r++) {
        Le.putByte(dst, block + at + r, nearest);
      }
    }

    private static float distance(int bits, float scale) {
      return Math.abs(units(bits) * UNIT - Math.abs(scale));
    }
  }
}
