package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ1_M}: 256 codes in runs of 16; 32 bytes with the low eight bits of the
 * numbers of vectors of 8, 16 bytes with, for two vectors each, the upper three bits and the bit
 * that all their codes have above their level, and four u16: three bits of scale for each of four
 * runs, the first lowest, and four bits of d ({@link Scales.Scattered}).
 */
final class Iq1MLayout extends CodedLayout {
  private static final int UPPER = 32;
  private static final int SCALES = 48;

  Iq1MLayout() {
    super(TensorType.IQ1_M);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 32; i++) {
      int upper = Fields.nibble(src, block + UPPER, i);
      int vector = Le.unsignedByte(src, block + i) | (upper & 7) << 8;
      Grid.IQ1.put(vector, upper > 7 ? 0xff : 0, 2, codes, 2 * i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * (Le.bits16(src, block + SCALES + 2L * (run / 4)) >>> 3 * (run % 4) & 7) + 1;
  }
}
