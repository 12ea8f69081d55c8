package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/** {@link TensorType#F32}, {@link TensorType#F16}, {@link TensorType#BF16}. */
final class FloatEncoder implements RowEncoder {
  private final TensorType type;

  FloatEncoder(TensorType type) {
    this.type = type;
  }

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    for (int i = 0; i < rows * cols; i++) {
      int bits = Float.floatToRawIntBits(x[i]);
      switch (type) {
        case F32 -> Numbers.putInt(out, 4 * i, bits);
        case F16 -> Numbers.putHalf(out, 2 * i, x[i]);
        default -> putShort(out, 2 * i, bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
      }
    }
  }

  private static void putShort(byte[] out, int at, int bits) {
    out[at] = (byte) bits;
    out[at + 1] = (byte) (bits >>> 8);
  }
}
