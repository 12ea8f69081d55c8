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

  /**
   * Writes all of a block but d.
   *
   * @param values -4 to 3
   * @param scales of the runs, -32 to 31
   */
  static void put(MemorySegment dst, long block, int[] values, int[] scales) {
    for (int j = 0; j < 32; j++) {
      int upper = 0;
      int[] lower = new int[2];
      for (int e = 0; e < 8; e++) {
        int code = values[32 * e + j] + 4;
        upper |= (code >>> 2) << e;
        lower[e / 4] |= (code & 3) << 2 * (e % 4);
      }
      Le.putByte(dst, block + j, upper);
      Le.putByte(dst, block + 32 + j, lower[0]);
      Le.putByte(dst, block + 64 + j, lower[1]);
    }
    for (int i = 0; i < 8; i++) {
      Le.putByte(dst, block + 96 + i, scales[i] + 32 & 15 | (scales[i + 8] + 32 & 15) << 4);
    }
    for (int i = 0; i < 4; i++) {
      int upper = 0;
      for (int j = 0; j < 4; j++) {
        upper |= (scales[4 * j + i] + 32 >>> 4) << 2 * j;
      }
      Le.putByte(dst, block + 104 + i, upper);
    }
  }
}
