package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#TQ1_0}: 256 codes of three values; 32 bytes of five codes each, 16 of five, 4
 * of four, and f16 d. A byte is a fraction of 256 in base 3, its first digit the code of the first
 * of so many sets: byte j of the first 32 holds codes j, j + 32, and so on.
 */
final class Tq1Layout extends CodedLayout {
  Tq1Layout() {
    super(TensorType.TQ1_0);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    digits(src, block, 8, 5, codes, 0);
    digits(src, block + 32, 4, 5, codes, 40);
    digits(src, block + 48, 1, 4, codes, 60);
  }

  /** The first digits of so many times four bytes, then the second ones, and so on. */
  private static void digits(
      MemorySegment src, long at, int ints, int digits, int[] codes, int to) {
    for (int i = 0; i < ints; i++) {
      int four = Le.bits32(src, at + 4L * i);
      for (int d = 0; d < digits; d++) {
        int code = 0;
        int rest = 0;
        for (int j = 0; j < Integer.SIZE; j += Byte.SIZE) {
          int tripled = 3 * (four >>> j & 0xff);
          code |= tripled >>> 8 << j;
          rest |= (tripled & 0xff) << j;
        }
        codes[to + d * ints + i] = code;
        four = rest;
      }
    }
  }
}
