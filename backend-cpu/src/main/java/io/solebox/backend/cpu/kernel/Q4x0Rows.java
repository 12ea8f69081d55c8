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

  private static FloatVector chunk(MemorySegment w, long o, int c, FloatVector d) {
    return Lanes.toFloat(Nibbles.of32(w, o + 2, c).sub(8)).mul(d);
  }
}
