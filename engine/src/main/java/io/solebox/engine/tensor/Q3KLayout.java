package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link TensorType#Q3_K}: 256 codes of 3 bits in runs of 16; 32 bytes of upper bits (bit e of byte
 * j for code j of eighth e), 64 bytes of lower ones as in {@link Q2KLayout}, 12 bytes of scales,
 * f16 d. Of the scales, plus 32, the first 8 have their lower four bits in the low halves of bytes
 * 0 to 7, the others in the high ones; the upper two bits of scale s are in byte {@code 8 + s % 4},
 * those of the first four lowest.
 */
final class Q3KLayout extends CodedLayout {
  Q3KLayout() {
    super(TensorType.Q3_K);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    Arrays.fill(codes, 0);
    for (int half = 0; half < 2; half++) {
      Fields.ofEach32(src, block + 32 + 32L * half, 4, 2, 0, codes, 32 * half);
    }
    Fields.ofEach32(src, block, 8, 1, 2, codes, 0);
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    int low = Le.unsignedByte(src, block + 96 + run % 8) >>> 4 * (run / 8) & 0xf;
    int high = Le.unsignedByte(src, block + 104 + run % 4) >>> 2 * (run / 4) & 3;
    return (low | high << 4) - 32;
  }
}
