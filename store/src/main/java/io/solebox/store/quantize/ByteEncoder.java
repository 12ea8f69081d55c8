package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/** {@link TensorType#Q8_0}: the largest weight of 32 has code 127 or -127. */
final class ByteEncoder implements RowEncoder {
  private static final int SIZE = 32;
  private static final int BYTES = TensorType.Q8_0.blockBytes();

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    int at = 0;
    for (int from = 0; from < rows * cols; from += SIZE, at += BYTES) {
      float largest = 0;
      for (int i = from; i < from + SIZE; i++) {
        largest = Math.max(largest, Math.abs(x[i]));
      }
      float d = largest / 127;
      float inverse = Numbers.inverse(d);
      Numbers.putHalf(out, at, d);
      for (int i = 0; i < SIZE; i++) {
        out[at + 2 + i] = (byte) Numbers.round(x[from + i] * inverse);
      }
    }
  }
}
