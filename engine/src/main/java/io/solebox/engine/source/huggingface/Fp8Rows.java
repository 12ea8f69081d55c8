package io.solebox.engine.source.huggingface;

import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Floats of 8 bits (E4M3, without infinities) with scales by block, by row or for all: they become
 * BF16, or f32.
 *
 * @param place of the tensor, for errors
 * @param scales row-major
 * @param blockRows rows that share a scale, and {@code blockCols} columns
 */
record Fp8Rows(
    String place, List<Long> shape, MemorySegment data, Rows scales, int blockRows, int blockCols) {
  private static final float[] VALUES = new float[256];

  static {
    for (int code = 0; code < 256; code++) {
      int exponent = code >> 3 & 15;
      int mantissa = code & 7;
      double size =
          exponent == 0
              ? mantissa / 8.0 * 0x1p-6
              : (1 + mantissa / 8.0) * Math.pow(2, exponent - 7);
      double value = (code & 0x7f) == 0x7f ? Double.NaN : size;
      VALUES[code] = (float) (code < 128 ? value : -value);
    }
  }

  /**
   * @param type of floats that they become
   */
  Rows rows(TensorType type) {
    int cols = Math.toIntExact(shape.getLast());
    int perMatrix = Math.toIntExact(shape.get(shape.size() - 2));
    int count = Math.toIntExact(shape.stream().reduce(1L, (a, b) -> a * b) / cols);
    int scaleCols = (cols + blockCols - 1) / blockCols;
    int scaleRows = (perMatrix + blockRows - 1) / blockRows;
    TensorBytes.RowMaker maker =
        (row, n, to) -> {
          float[] own = new float[scaleCols];
          for (int r = row; r < row + n; r++) {
            int scaleRow = r / perMatrix * scaleRows + r % perMatrix / blockRows;
            for (int s = 0; s < scaleCols; s++) {
              own[s] = scales.number((long) scaleRow * scaleCols + s);
            }
            for (int c = 0; c < cols; c++) {
              int code = data.get(ValueLayout.JAVA_BYTE, (long) r * cols + c) & 0xff;
              float value = VALUES[code] * own[c / blockCols];
              IntegerCodes.put(to, (r - row) * cols + c, value, type);
            }
          }
        };
    return new Rows(type, shape, new TensorBytes.Made(maker, type.bytes(cols), count));
  }
}
