package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ1_S}: 256 codes in runs of 32; f16 d, 32 bytes with the low eight bits of the
 * numbers of vectors of 8, and for each run a u16: the upper three bits of its four vectors, the
 * first lowest, three bits of scale, and the bit that all codes of the run have above their level.
 */
final class Iq1SLayout extends CodedLayout {
  private static final int NUMBERS = 2;
  private static final int UPPER = 34;

  Iq1SLayout() {
    super(TensorType.IQ1_S);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 32; i++) {
      int upper = Le.bits16(src, block + UPPER + 2L * (i / 4));
      int vector = Le.unsignedByte(src, block + NUMBERS + i) | (upper >>> 3 * (i % 4) & 7) << 8;
      Grid.IQ1.put(vector, upper < 0 ? 0xff : 0, 2, codes, 2 * i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * (Le.bits16(src, block + UPPER + 2L * run) >>> 12 & 7) + 1;
  }
}
