package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K: blocks of 256 weights in 210 bytes: 128 bytes of low nibbles, 64 bytes of upper bit pairs,
 * sixteen signed 8-bit scales, f16 d; w = (d scale) (q - 32) (ggml-org/ggml: src/ggml-common.h,
 * block_q6_K). Of sub-block s of 32 weights, in half s / 4: nibbles low (s mod 4 under 2) or high
 * of 32 bytes, pair s mod 4 of each of 32 bytes.
 */
final class SixBitRows implements RowFormat {
  private static final int BLOCK = 256;
  private static final int BYTES = 210;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      int to = outAt + BLOCK * b;
      float d = Lanes.half(w, o + 208);
      for (int s = 0; s < BLOCK / 32; s++) {
        for (int c = 0; c < 32 / L; c++) {
          chunk(w, o, s, c, d).intoArray(out, to + 32 * s + c * L);
        }
      }
    }
  }

  private static FloatVector chunk(MemorySegment w, long o, int s, int c, float d) {
    long half = s >> 2;
    IntVector bytes = Lanes.unsignedBytes(w, o + 64 * half + 32L * (s & 1), c);
    IntVector low = bytes.lanewise(VectorOperators.LSHR, 2 * (s & 2)).and(15);
    IntVector pairs = Lanes.unsignedBytes(w, o + 128 + 32 * half, c);
    IntVector high = pairs.lanewise(VectorOperators.LSHR, 2 * (s & 3)).and(3);
    return Lanes.toFloat(low.or(high.lanewise(VectorOperators.LSHL, 4)).sub(32))
        .mul(d * scale(w, o, s, c));
  }

  /** The scale of the 16 weights that chunk c of sub-block s is in. */
  private static byte scale(MemorySegment w, long o, int s, int c) {
    return w.get(Lanes.BYTE, o + 192 + 2L * s + c * L / 16);
  }
}
