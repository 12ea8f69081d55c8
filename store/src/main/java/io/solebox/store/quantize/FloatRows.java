package io.solebox.store.quantize;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Weights as floats. */
final class FloatRows {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Shorts that are copied before they become floats. */
  private static final int PIECE = 4096;

  private FloatRows() {}

  /** Decodes {@code count} weights from the start of {@code bytes}. */
  static void read(MemorySegment bytes, TensorType type, float[] to, int count) {
    switch (type) {
      case F32 -> MemorySegment.copy(bytes, FLOAT, 0, to, 0, count);
      case F16, BF16 -> readShorts(bytes, type == TensorType.F16, to, count);
      default -> BlockLayouts.of(type).dequantize(bytes, 0, to, 0, count);
    }
  }

  private static void readShorts(MemorySegment bytes, boolean half, float[] to, int count) {
    short[] piece = new short[PIECE];
    for (int at = 0; at < count; at += PIECE) {
      int length = Math.min(PIECE, count - at);
      MemorySegment.copy(bytes, SHORT, (long) Short.BYTES * at, piece, 0, length);
      if (half) {
        for (int i = 0; i < length; i++) {
          to[at + i] = Float.float16ToFloat(piece[i]);
        }
      } else {
        for (int i = 0; i < length; i++) {
          to[at + i] = Float.intBitsToFloat(piece[i] << 16);
        }
      }
    }
  }

  static boolean areFinite(float[] x, int count) {
    int worst = 0;
    for (int i = 0; i < count; i++) {
      worst = Math.max(worst, Float.floatToRawIntBits(x[i]) & 0x7fff_ffff);
    }
    return worst < 0x7f80_0000;
  }

  /** How far {@code y} is from {@code x}. */
  static Written compare(float[] x, float[] y, int count) {
    double error = 0;
    double squares = 0;
    for (int from = 0; from < count; from += PIECE) {
      float pieceError = 0;
      float pieceSquares = 0;
      for (int i = from; i < Math.min(count, from + PIECE); i++) {
        float difference = y[i] - x[i];
        pieceError += difference * difference;
        pieceSquares += x[i] * x[i];
      }
      error += pieceError;
      squares += pieceSquares;
    }
    return new Written(count, error, squares);
  }
}
