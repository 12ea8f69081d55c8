package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@link TensorType#Q4_0}, {@link TensorType#Q4_1}, {@link TensorType#IQ4_NL}, {@link
 * TensorType#MXFP4}: 32 codes of 4 bits in 16 bytes behind the scales; byte j holds code j in its
 * low and code j + 16 in its high half.
 */
final class NibbleLayout extends CodedLayout {
  private final int at;

  NibbleLayout(TensorType type) {
    super(type);
    this.at = type.blockBytes() - 16;
  }

  @Override
  public void codes(MemorySegment src, long block, int[] codes) {
    Fields.nibbles(src, block + at, 4, codes, 0);
  }

  /** Writes the codes of {@link TensorType#Q4_0}: values plus 8. */
  static void put(MemorySegment dst, long at, int[] values) {
    for (int j = 0; j < 16; j++) {
      Le.putByte(dst, at + j, values[j] + 8 | values[j + 16] + 8 << 4);
    }
  }
}
