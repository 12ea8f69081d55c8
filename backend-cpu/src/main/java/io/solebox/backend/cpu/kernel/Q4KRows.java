package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K: blocks of 256 weights in 144 bytes: f16 d and dmin, eight 6-bit scales and minima in 12
 * bytes, and nibbles; sub-block s of 32 weights has the low (even s) or high (odd s) nibbles of
 * bytes 32 (s / 2) on; w = (d scale) q - (dmin min) (ggml-org/ggml: src/ggml-common.h, block_q4_K).
 * The product is exact, so the fused multiply-add rounds as the plain formula does.
 */
final class Q4KRows implements RowFormat {
  private static final int BLOCK = 256;
  private static final int BYTES = 144;

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
    IntVector bytes = Lanes.unsignedBytes(w, o + 16 + (s >> 1) * 32L, c);
    return Lanes.toFloat(bytes.lanewise(VectorOperators.LSHR, 4 * (s & 1)).and(15)).fma(d, m);
  }
}
