package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ3_XXS}: 256 codes in runs of 32; f16 d, 64 bytes with the numbers of vectors
 * of 4, and for each run a u32 of signs and scale as in {@link Iq2XxsLayout}.
 */
final class Iq3XxsLayout extends CodedLayout {
  private static final int NUMBERS = 2;
  private static final int SIGNS = 66;

  Iq3XxsLayout() {
    super(TensorType.IQ3_XXS);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int i = 0; i < 64; i++) {
      int signs = Le.bits32(src, block + SIGNS + 4L * (i / 8));
      int own = Fields.evenSigns(signs >>> 7 * (i / 2 % 4)) >>> 4 * (i % 2);
      Grid.IQ3_XXS.put(Le.unsignedByte(src, block + NUMBERS + i), own, 3, codes, i);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return 2 * (Le.bits32(src, block + SIGNS + 4L * run) >>> 28) + 1;
  }
}
