package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q1_0}, {@link TensorType#Q2_0}: f16 d, then all codes in their order, the first
 * in the lowest bits of a byte.
 */
final class BitsLayout extends CodedLayout {
  private static final int AT = 2;

  private final int bits;

  BitsLayout(TensorType type) {
    super(type);
    this.bits = type.family().orElseThrow().codes().bits();
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    int mask = (1 << bits) - 1;
    for (int i = 0; i < codes.length; i++) {
      int at = 4 * i * bits;
      int four = Le.unsignedByte(src, block + AT + at / 8) >>> at % 8;
      codes[i] = 0;
      for (int j = 0; j < 4; j++) {
        codes[i] |= (four >>> bits * j & mask) << 8 * j;
      }
    }
  }
}
