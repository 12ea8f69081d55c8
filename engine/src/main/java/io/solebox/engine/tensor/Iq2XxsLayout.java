package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ2_XXS}: 256 codes in runs of 32; f16 d, then for each run four bytes with the
 * numbers of four vectors of 8, and a u32: seven bits of signs for each vector, the first lowest,
 * and in the highest four bits the scale. The eighth sign is such that an even number is set.
 */
final class Iq2XxsLayout extends CodedLayout {
  Iq2XxsLayout() {
    super(TensorType.IQ2_XXS);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int run = 0; run < 8; run++) {
      int vectors = Le.bits32(src, block + 2 + 8L * run);
      int signs = Le.bits32(src, block + 2 + 8L * run + 4);
      for (int i = 0; i < 4; i++) {
        int own = Fields.evenSigns(signs >>> 7 * i);
        Grid.IQ2_XXS.put(vectors >>> 8 * i & 0xff, own, 2, codes, 8 * run + 2 * i);
      }
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * (Le.bits32(src, block + 2 + 8L * run + 4) >>> 28) + 1;
  }
}
