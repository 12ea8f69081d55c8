package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * {@link TensorType#TQ2_0}: 256 codes of 2 bits and f16 d; byte j of each 32 holds code j of four
 * quarters of 128 codes, the first quarter in its lowest bits.
 */
final class Tq2Layout extends CodedLayout {
  Tq2Layout() {
    super(TensorType.TQ2_0);
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    Arrays.fill(codes, 0);
    for (int half = 0; half < 2; half++) {
      Fields.ofEach32(src, block + 32L * half, 4, 2, 0, codes, 32 * half);
    }
  }
}
