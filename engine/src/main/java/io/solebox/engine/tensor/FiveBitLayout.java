package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q5_0}, {@link TensorType#Q5_1}: 32 codes of 5 bits behind the scales; a u32
 * with bit j the fifth bit of code j, then 16 bytes, of which byte j holds code j in its low and
 * code j + 16 in its high half.
 */
final class FiveBitLayout extends CodedLayout {
  private final int at;

  FiveBitLayout(TensorType type) {
    super(type);
    this.at = type.blockBytes() - 16 - 4;
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    Fields.nibbles(src, block + at + 4, 4, codes, 0);
    Fields.fifthBits(Le.bits32(src, block + at), codes);
  }

  /** Writes the codes of {@link TensorType#Q5_0}: values plus 16. */
  static void put(MemorySegment dst, long at, int[] values) {
    int fifth = 0;
    for (int j = 0; j < 32; j++) {
      fifth |= (values[j] + 16 >>> 4) << j;
    }
    Le.putBits32(dst, at, fifth);
    for (int j = 0; j < 16; j++) {
      Le.putByte(dst, at + 4 + j, values[j] + 16 & 15 | (values[j + 16] + 16 & 15) << 4);
    }
  }
}
