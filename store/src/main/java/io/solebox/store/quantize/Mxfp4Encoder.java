package io.solebox.store.quantize;

import io.solebox.engine.tensor.Codebook;
import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#MXFP4}: a power of two for 32 weights, by the largest of them, and for each the
 * nearest of the values of E2M1 (OCP Microscaling Formats, 1.0).
 */
final class Mxfp4Encoder implements RowEncoder {
  private static final int SIZE = 32;
  private static final int BYTES = TensorType.MXFP4.blockBytes();
  private static final int BIAS = 127;

  /** Exponent of the largest value, 6 = 1.5 * 2^2. */
  private static final int TOP_EXPONENT = 2;

  private final Codebook values = TensorType.MXFP4.family().orElseThrow().codes();

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    int at = 0;
    for (int from = 0; from < rows * cols; from += SIZE, at += BYTES) {
      float largest = 0;
      for (int i = from; i < from + SIZE; i++) {
        largest = Math.max(largest, Math.abs(x[i]));
      }
      int exponent = largest > 0 ? exponent(largest) & 0xff : 0;
      out[at] = (byte) exponent;
      float scale = (float) Math.scalb(0.5, exponent - BIAS); // values are twice those of E2M1
      for (int i = 0; i < SIZE / 2; i++) {
        int low = nearest(x[from + i], scale);
        int high = nearest(x[from + SIZE / 2 + i], scale);
        out[at + 1 + i] = (byte) (low | high << 4);
      }
    }
  }

  /** By a logarithm of 32 bits, which rounds what is nearly a power of two up to it. */
  private static int exponent(float largest) {
    float log = (float) (Math.log(largest) / Math.log(2));
    return (int) Math.floor(log) - TOP_EXPONENT + BIAS;
  }

  private int nearest(float value, float scale) {
    int best = 0;
    float error = Math.abs(values.value(0) * scale - value);
    for (int code = 1; code < values.values().size(); code++) {
      float other = Math.abs(values.value(code) * scale - value);
      if (other < error) {
        error = other;
        best = code;
      }
    }
    return best;
  }
}
