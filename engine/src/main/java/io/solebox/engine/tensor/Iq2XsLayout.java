package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ2_XS}: 256 codes in runs of 16; f16 d, for each 8 codes a u16 with the number
 * of their vector in its low nine bits and seven signs as in {@link Iq2XxsLayout}, and 8 bytes with
 * the scales of two runs each.
 */
final class Iq2XsLayout extends CodedLayout {
  private static final int SCALES = 2 + 64;

  Iq2XsLayout() {
    super(TensorType.IQ2_XS);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 32; i++) {
      int both = Le.bits16(src, block + 2 + 2L * i);
      Grid.IQ2_XS.put(both & 511, Fields.evenSigns(both >>> 9), 2, codes, 2 * i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * Fields.nibble(src, block + SCALES, run) + 1;
  }
}
