package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Q5_0: blocks of 32 weights in 22 bytes, f16 scale d, 32 fifth bits and 16 bytes of nibbles as in
 * Q4_0; w = d (q - 16) (ggml-org/ggml: src/ggml-common.h, block_q5_0).
 */
final class Q5x0Rows implements RowFormat {
  private static final int BLOCK = 32;
  private static final int BYTES = 22;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      int to = outAt + BLOCK * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      int high = w.get(Lanes.INT, o + 2);
      for (int c = 0; c < BLOCK / L; c++) {
        chunk(w, o, c, high, d).intoArray(out, to + c * L);
      }
    }
  }

  private static FloatVector chunk(MemorySegment w, long o, int c, int high, FloatVector d) {
    IntVector q = Nibbles.of32(w, o + 6, c).or(Nibbles.fifthBits(high, c));
    return Lanes.toFloat(q.sub(16)).mul(d);
  }
}
