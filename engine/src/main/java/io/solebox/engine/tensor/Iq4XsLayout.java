package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#IQ4_XS}: 256 codes of 4 bits in runs of 32; f16 d, u16 with the upper two bits
 * of the runs' scales, 4 bytes with the lower four of two each, then for each run 16 bytes as in
 * {@link NibbleLayout}. Scales are stored plus 32.
 */
final class Iq4XsLayout extends CodedLayout {
  Iq4XsLayout() {
    super(TensorType.IQ4_XS);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int run = 0; run < 8; run++) {
      Fields.nibbles(src, block + 8 + 16L * run, 4, codes, 8 * run);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    int low = Le.unsignedByte(src, block + 4 + run / 2) >>> 4 * (run % 2) & 0xf;
    int high = Le.bits16(src, block + 2) >>> 2 * run & 3;
    return (low | high << 4) - 32;
  }
}
