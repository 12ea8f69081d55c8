package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#NVFP4}: 64 codes of 4 bits in runs of 16; four bytes of scales, then for each
 * run 8 bytes, of which byte j holds code j in its low and code j + 8 in its high half.
 */
final class Nvfp4Layout extends CodedLayout {
  Nvfp4Layout() {
    super(TensorType.NVFP4);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int run = 0; run < 4; run++) {
      Fields.nibbles(src, block + 4 + 8L * run, 2, codes, 4 * run);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return Scales.Minifloats.units(Le.unsignedByte(src, block + run));
  }
}
