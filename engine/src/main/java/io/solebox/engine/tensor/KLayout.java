package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q4_K}, {@link TensorType#Q5_K}: 256 codes in runs of 32; f16 d, f16 dmin, 12
 * bytes of scales and minimums, for Q5_K 32 bytes of fifth bits (bit r of byte j for code j of run
 * r), then 128 bytes: each 32 hold an even run in their low and the next in their high halves.
 *
 * <p>Of the 12 bytes, 0 to 3 hold scales 0 to 3 in their low six bits, 4 to 7 minimums 0 to 3; 8 to
 * 11 hold the low four bits of scales (low half) and minimums (high half) 4 to 7, whose upper two
 * bits are the top bits of bytes 0 to 3 and 4 to 7.
 */
final class KLayout extends CodedLayout {
  private static final int SCALES = 4;
  private static final int FIFTH_BITS = 16;

  private final boolean fifth;
  private final int nibblesAt;

  KLayout(TensorType type) {
    super(type);
    this.nibblesAt = type.blockBytes() - 128;
    this.fifth = nibblesAt > FIFTH_BITS;
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int pair = 0; pair < 4; pair++) {
      Fields.nibbles(src, block + nibblesAt + 32L * pair, 8, codes, 16 * pair);
    }
    if (fifth) {
      Fields.ofEach32(src, block + FIFTH_BITS, 8, 1, 4, codes, 0);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    long at = block + SCALES + run;
    return run < 4
        ? Le.unsignedByte(src, at) & 63
        : Le.unsignedByte(src, at + 4) & 0xf | Le.unsignedByte(src, at - 4) >>> 6 << 4;
  }

  @Override
  public int minimum(MemorySegment src, long block, int run) {
    long at = block + SCALES + run;
    return run < 4
        ? Le.unsignedByte(src, at + 4) & 63
        : Le.unsignedByte(src, at + 4) >>> 4 | Le.unsignedByte(src, at) >>> 6 << 4;
  }
}
