package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K: blocks of 256 weights in 176 bytes: f16 d and dmin, eight 6-bit scales and minima in 12
 * bytes, 32 bytes whose bit s is the fifth bit of sub-block s, and nibbles as in Q4_K; w = (d
 * scale) q - (dmin min) (ggml-org/ggml: src/ggml-common.h, block_q5_K). The product is exact, so
 * the fused multiply-add rounds as the plain formula does.
 */
final class Q5KRows implements RowFormat {
  private static final int BLOCK = 256;
  private static final int BYTES = 176;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      int to = outAt + BLOCK * b;
      float d = Lanes.half(w, o);
      float dmin = Lanes.half(w, o + 2);
      long scales = KScales.scales(w, o + 4);
      long mins = KScales.mins(w, o + 4);
      for (int s = 0; s < BLOCK / 32; s++) {
        FloatVector ds = Lanes.all(d * KScales.at(scales, s));
        FloatVector ms = Lanes.all(-(dmin * KScales.at(mins, s)));
        for (int c = 0; c < 32 / L; c++) {
          chunk(w, o, s, c, ds, ms).intoArray(out, to + 32 * s + c * L);
        }
      }
    }
  }

  private static FloatVector chunk(
      MemorySegment w, long o, int s, int c, FloatVector d, FloatVector m) {
    IntVector bytes = Lanes.unsignedBytes(w, o + 48 + (s >> 1) * 32L, c);
    IntVector low = bytes.lanewise(VectorOperators.LSHR, 4 * (s & 1)).and(15);
    IntVector high = Lanes.unsignedBytes(w, o + 16, c).lanewise(VectorOperators.LSHR, s).and(1);
    return Lanes.toFloat(low.or(high.lanewise(VectorOperators.LSHL, 4))).fma(d, m);
  }
}
