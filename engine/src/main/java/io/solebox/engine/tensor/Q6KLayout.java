package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q6_K}: 256 codes of 6 bits in runs of 16; 128 bytes of low halves, 64 bytes of
 * upper bit pairs, i8 scales[16], f16 d. Of each half of 128 codes, 64 bytes hold the first two
 * quarters in their low and the others in their high halves, and byte j of 32 the upper bits of
 * code j of all quarters, the first lowest.
 */
final class Q6KLayout extends CodedLayout {
  Q6KLayout() {
    super(TensorType.Q6_K);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    for (int half = 0; half < 2; half++) {
      Fields.nibbles(src, block + 64L * half, 16, codes, 32 * half);
      Fields.ofEach32(src, block + 128 + 32L * half, 4, 2, 4, codes, 32 * half);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return Le.signedByte(src, block + 192 + run);
  }

  /**
   * Writes all of a block but d.
   *
   * @param values -32 to 31
   * @param scales of the runs
   */
  static void put(MemorySegment dst, long block, int[] values, int[] scales) {
    for (int half = 0; half < 2; half++) {
      int first = 128 * half;
      for (int j = 0; j < 64; j++) {
        int low = values[first + j] + 32 & 0xf;
        int high = values[first + 64 + j] + 32 & 0xf;
        Le.putByte(dst, block + 64L * half + j, low | high << 4);
      }
      for (int j = 0; j < 32; j++) {
        int pairs = 0;
        for (int quarter = 0; quarter < 4; quarter++) {
          pairs |= values[first + 32 * quarter + j] + 32 >>> 4 << 2 * quarter;
        }
        Le.putByte(dst, block + 128 + 32L * half + j, pairs);
      }
    }
    for (int r = 0; r < scales.length; r++) {
      Le.putByte(dst, block + 192 + r, scales[r]);
    }
  }
}
