package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ3_S}: 256 codes in runs of 32; f16 d, 64 bytes with the low eight bits of the
 * numbers of vectors of 4, 8 bytes with their ninth bits, 32 bytes of signs, and 4 bytes with the
 * scales of two runs each.
 */
final class Iq3SLayout extends CodedLayout {
  private static final int NUMBERS = 2;
  private static final int NINTH = 66;
  private static final int SIGNS = 74;
  private static final int SCALES = 106;

  Iq3SLayout() {
    super(TensorType.IQ3_S);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 64; i++) {
      int ninth = Le.unsignedByte(src, block + NINTH + i / 8) >>> i % 8 & 1;
      int vector = Le.unsignedByte(src, block + NUMBERS + i) | ninth << 8;
      Grid.IQ3_S.put(vector, Fields.nibble(src, block + SIGNS, i), 3, codes, i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * Fields.nibble(src, block + SCALES, run) + 1;
  }
}
