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
}
