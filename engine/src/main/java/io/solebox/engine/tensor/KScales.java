package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The 12 bytes that hold eight 6-bit scales and eight 6-bit minimums of {@link TensorType#Q4_K} and
 * {@link TensorType#Q5_K}. Bytes 0-3 hold scales 0-3 in their low six bits, bytes 4-7 minimums 0-3;
 * bytes 8-11 hold the low four bits of scales (low half) and minimums (high half) 4-7, whose upper
 * two bits are the top bits of bytes 0-3 and 4-7.
 */
final class KScales {
  private KScales() {}

  /** Scale of sub-block {@code j}, 0 to 7. */
  static int scale(MemorySegment src, long scales, int j) {
    return j < 4
        ? Le.unsignedByte(src, scales + j) & 63
        : (Le.unsignedByte(src, scales + j + 4) & 0xf)
            | (Le.unsignedByte(src, scales + j - 4) >>> 6) << 4;
  }

  /** Minimum of sub-block {@code j}, 0 to 7. */
  static int min(MemorySegment src, long scales, int j) {
    return j < 4
        ? Le.unsignedByte(src, scales + j + 4) & 63
        : (Le.unsignedByte(src, scales + j + 4) >>> 4)
            | (Le.unsignedByte(src, scales + j) >>> 6) << 4;
  }
}
