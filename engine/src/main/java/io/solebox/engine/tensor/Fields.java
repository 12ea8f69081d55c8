package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/** Codes of few bits, packed in bytes: unpacked four at a time, to bytes. */
final class Fields {
  /** Times four bits: each at the bottom of a byte of its own, and others between. */
  private static final int SPREAD = 0x00204081;

  private Fields() {}

  /** The low four bits, each at the bottom of a byte of its own. */
  static int spread(int bits) {
    return (bits & 15) * SPREAD & 0x01010101;
  }

  /** The low seven bits, and an eighth that makes the number of ones even. */
  static int evenSigns(int bits) {
    int seven = bits & 127;
    return seven | (Integer.bitCount(seven) & 1) << 7;
  }

  /** Half {@code i} of the bytes from {@code at} on, low ones first. */
  static int nibble(MemorySegment src, long at, int i) {
    return Le.unsignedByte(src, at + i / 2) >>> 4 * (i % 2) & 15;
  }

  /** The low halves of {@code count} ints, then the high ones. */
  static void nibbles(MemorySegment src, long at, int count, int[] codes, int to) {
    for (int i = 0; i < count; i++) {
      int both = Le.bits32(src, at + 4L * i);
      codes[to + i] = both & 0x0F0F0F0F;
      codes[to + count + i] = both >>> 4 & 0x0F0F0F0F;
    }
  }

  /** 32 bits as bit 4 of 32 codes. */
  static void fifthBits(int bits, int[] codes) {
    for (int i = 0; i < 8; i++) {
      codes[i] |= spread(bits >>> 4 * i) << 4;
    }
  }

  /**
   * Of 32 bytes the lowest {@code bits} bits for 32 codes, the next for the next 32, and so on.
   *
   * @param place where in the codes they go
   */
  static void ofEach32(
      MemorySegment src, long at, int sets, int bits, int place, int[] codes, int to) {
    int mask = ((1 << bits) - 1) * 0x01010101;
    for (int i = 0; i < 8; i++) {
      int all = Le.bits32(src, at + 4L * i);
      for (int s = 0; s < sets; s++) {
        codes[to + 8 * s + i] |= (all >>> bits * s & mask) << place;
      }
    }
  }
}
