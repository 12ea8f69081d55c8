package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Q4_0: blocks of 32 weights in 18 bytes, f16 scale d and 16 bytes whose low nibbles are weights 0
 * to 15 and high nibbles 16 to 31; w = d (q - 8) (ggml-org/ggml: src/ggml-common.h, block_q4_0).
 */
final class Q4x0Rows implements RowFormat {
  private static final int BLOCK = 32;
  private static final int BYTES = 18;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      int to = outAt + BLOCK * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      for (int c = 0; c < BLOCK / L; c++) {
        chunk(w, o, c, d).intoArray(out, to + c * L);
      }
    }
  }

  @Override
  public void dot(
      MemorySegment w,
      long at,
      int rows,
      int cols,
      MemorySegment x,
      long xAt,
      float[] out,
      int outAt) {
    for (int r = 0; r < rows; r++) {
      out[outAt + r] = dot(w, at + (long) r * (cols / BLOCK) * BYTES, cols, x, xAt);
    }
  }

  private static float dot(MemorySegment w, long at, int cols, MemorySegment x, long xAt) {
    FloatVector acc = Lanes.zero();
    for (int b = 0; b < cols / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      long from = xAt + 4L * BLOCK * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      for (int c = 0; c < BLOCK / L; c += 2) {
        long at0 = from + 4L * L * c;
        acc = chunk(w, o, c, d).fma(Lanes.floats(x, at0), acc);
        acc = chunk(w, o, c + 1, d).fma(Lanes.floats(x, at0 + 4L * L), acc);
      }
    }
    return Lanes.sum(acc);
  }

  private static FloatVector chunk(MemorySegment w, long o, int c, FloatVector d) {
    return Lanes.toFloat(Nibbles.of32(w, o + 2, c).sub(8)).mul(d);
  }
}
