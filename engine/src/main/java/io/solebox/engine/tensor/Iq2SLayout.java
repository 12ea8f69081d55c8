package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ2_S}: 256 codes in runs of 16; f16 d, 32 bytes with the low eight bits of the
 * numbers of vectors of 8, 32 bytes with their signs, 8 bytes with the upper two bits of four
 * numbers each, the first lowest, and 8 bytes with the scales of two runs each.
 */
final class Iq2SLayout extends CodedLayout {
  private static final int NUMBERS = 2;
  private static final int SIGNS = 34;
  private static final int UPPER = 66;
  private static final int SCALES = 74;

  Iq2SLayout() {
    super(TensorType.IQ2_S);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 32; i++) {
      int upper = Le.unsignedByte(src, block + UPPER + i / 4) >>> 2 * (i % 4) & 3;
      int vector = Le.unsignedByte(src, block + NUMBERS + i) | upper << 8;
      Grid.IQ2_S.put(vector, Le.unsignedByte(src, block + SIGNS + i), 2, codes, 2 * i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * Fields.nibble(src, block + SCALES, run) + 1;
  }
}
