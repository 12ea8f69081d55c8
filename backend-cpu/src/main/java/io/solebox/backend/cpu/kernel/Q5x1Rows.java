package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Q5_1: blocks of 32 weights in 24 bytes, f16 scale d and minimum m, 32 fifth bits and 16 bytes of
 * nibbles as in Q4_0; w = d q + m (ggml-org/ggml: src/ggml-common.h, block_q5_1). The product is
 * exact, so the fused multiply-add rounds as the plain formula does.
 */
final class Q5x1Rows implements RowFormat {
  private static final int BLOCK = 32;
  private static final int BYTES = 24;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      int to = outAt + BLOCK * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      FloatVector m = Lanes.all(Lanes.half(w, o + 2));
      int high = w.get(Lanes.INT, o + 4);
      for (int c = 0; c < BLOCK / L; c++) {
        chunk(w, o, c, high, d, m).intoArray(out, to + c * L);
      }
    }
  }

  private static FloatVector chunk(
      MemorySegment w, long o, int c, int high, FloatVector d, FloatVector m) {
    IntVector q = Nibbles.of32(w, o + 8, c).or(Nibbles.fifthBits(high, c));
    return Lanes.toFloat(q).fma(d, m);
  }
}
