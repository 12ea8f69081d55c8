package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#TQ1_0} and {@link TensorType#TQ2_0}: weights of 256 become -1, 0 or 1 times the
 * largest. For models that were trained so; of others little is left.
 */
final class TernaryEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int FIVES = 243; // 3^5

  private final boolean packed;
  private final int bytes;
  private final byte[] codes = new byte[SIZE];

  TernaryEncoder(TensorType type) {
    this.packed = type == TensorType.TQ1_0;
    this.bytes = type.blockBytes();
  }

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    for (int block = 0; block < rows * cols / SIZE; block++) {
      int from = block * SIZE;
      float largest = 0;
      for (int i = from; i < from + SIZE; i++) {
        largest = Math.max(largest, Math.abs(x[i]));
      }
      float inverse = Numbers.inverse(largest);
      for (int i = 0; i < SIZE; i++) {
        codes[i] = (byte) (Numbers.round(x[from + i] * inverse) + 1);
      }
      int at = block * bytes;
      if (packed) {
        fives(0, 32, 5, out, at);
        fives(160, 16, 5, out, at + 32);
        fives(240, 4, 4, out, at + 48);
      } else {
        pairs(out, at);
      }
      Numbers.putHalf(out, at + bytes - 2, largest);
    }
  }

  /**
   * Up to five codes in a byte, as a fraction of 256 that is multiplied by 3 to read one after the
   * other.
   *
   * @param step from one code of a byte to the next, and bytes
   */
  private void fives(int from, int step, int count, byte[] out, int at) {
    for (int i = 0; i < step; i++) {
      int number = 0;
      for (int n = 0; n < 5; n++) {
        number = 3 * number + (n < count ? codes[from + i + n * step] : 0);
      }
      out[at + i] = (byte) ((number * 256 + FIVES - 1) / FIVES);
    }
  }

  /** Four codes in a byte, 32 apart. */
  private void pairs(byte[] out, int at) {
    for (int i = 0; i < SIZE / 4; i++) {
      int first = i / 32 * 128 + i % 32;
      int value = 0;
      for (int n = 0; n < 4; n++) {
        value |= codes[first + 32 * n] << 2 * n;
      }
      out[at + i] = (byte) value;
    }
  }
}
