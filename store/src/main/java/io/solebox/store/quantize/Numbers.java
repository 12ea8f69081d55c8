package io.solebox.store.quantize;

/**
 * The arithmetic that makes blocks equal to llama.cpp's, bit by bit: floats of 32 bits, sums from
 * left to right, no fused multiply-adds, and its ways of rounding.
 */
final class Numbers {
  /** Added to a float of less than 22 bits, it leaves the nearest integer in the mantissa. */
  static final float MAGIC = 12582912f;

  static final int MANTISSA = 0x007f_ffff;
  static final int MAGIC_MANTISSA = 0x0040_0000;

  /** Of a run: below this, weights count as zeros. */
  static final float NOTHING = 1e-15f;

  private Numbers() {}

  /** To nearest, halves to even; of numbers of more bits, what the trick makes of them. */
  static int nearest(float value) {
    return (Float.floatToRawIntBits(value + MAGIC) & MANTISSA) - MAGIC_MANTISSA;
  }

  static int nearest(float value, int least, int most) {
    return Math.max(least, Math.min(most, nearest(value)));
  }

  /** Towards zero; what has no int becomes the smallest, as x86's instruction has it. */
  static int truncate(float value) {
    return Math.abs(value) < 0x1p31f ? (int) value : Integer.MIN_VALUE;
  }

  /** To nearest, halves away from zero, as C's {@code roundf}. */
  static int round(float value) {
    return truncate(value + Math.copySign(0x1.fffffep-2f, value));
  }

  static float square(float value) {
    return value * value;
  }

  /** The sum of squares of {@code count} floats, in their order. */
  static float squares(float[] x, int from, int count) {
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }

  static float sum(float[] x, int from, int count) {
    float sum = 0;
    for (int i = from; i < from + count; i++) {
      sum += x[i];
    }
    return sum;
  }

  /** {@code 1 / value}, and 0 for 0. */
  static float inverse(float value) {
    return value == 0 ? 0 : 1 / value;
  }

  /** Writes an f16, and returns what it is then. */
  static float putHalf(byte[] out, int at, float value) {
    short half = Float.floatToFloat16(value);
    out[at] = (byte) half;
    out[at + 1] = (byte) (half >>> 8);
    return Float.float16ToFloat(half);
  }

  static void putInt(byte[] out, int at, int value) {
    for (int i = 0; i < Integer.BYTES; i++) {
      out[at + i] = (byte) (value >>> 8 * i);
    }
  }
}
