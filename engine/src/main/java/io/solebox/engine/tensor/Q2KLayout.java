package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link TensorType#Q2_K}: 256 codes of 2 bits in runs of 16; 16 bytes with the scale of a run in
 * their low and its minimum in their high half, 64 bytes of codes, f16 d, f16 dmin. Byte j of each
 * 32 holds code j of four quarters of 128 codes, the first quarter in its lowest bits.
 */
final class Q2KLayout extends CodedLayout {
  Q2KLayout() {
    super(TensorType.Q2_K);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    Arrays.fill(codes, 0);
    for (int half = 0; half < 2; half++) {
      Fields.ofEach32(src, block + 16 + 32L * half, 4, 2, 0, codes, 32 * half);
    }
  }

  @Override
  public int scale(MemorySegment src, long block, int run) {
    return Le.unsignedByte(src, block + run) & 0xf;
  }

  @Override
  public int minimum(MemorySegment src, long block, int run) {
    return Le.unsignedByte(src, block + run) >>> 4;
  }
}
