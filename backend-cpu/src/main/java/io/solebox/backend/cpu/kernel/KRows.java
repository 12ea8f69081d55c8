package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.CodedLayout;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K, Q5_K: blocks of 256 weights: f16 d and dmin, eight 6-bit scales and minima in 12 bytes, for
 * Q5_K 32 bytes whose bit s is the fifth bit of sub-block s, and nibbles; sub-block s of 32 weights
 * has the low (even s) or high (odd s) nibbles of bytes 32 (s / 2) on; w = (d scale) q - (dmin min)
 * (ggml-org/ggml: src/ggml-common.h). The product is exact, so the fused multiply-add rounds as the
 * plain formula does.
 */
final class KRows implements RowFormat {
  private static final int BLOCK = 256;
  private static final int FIFTH_AT = 16;

  private final CodedLayout layout;
  private final int bytes;
  private final boolean fifth;
  private final int nibblesAt;

  KRows(TensorType type) {
    this.layout = BlockLayouts.coded(type).orElseThrow();
    this.bytes = type.blockBytes();
    this.fifth = type.family().orElseThrow().codes().bits() == 5;
    this.nibblesAt = bytes - BLOCK / 2;
  }

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) bytes * b;
      int to = outAt + BLOCK * b;
      float d = Lanes.half(w, o);
      float dmin = Lanes.half(w, o + 2);
      for (int s = 0; s < BLOCK / 32; s++) {
        FloatVector ds = Lanes.all(d * layout.scale(w, o, s));
        FloatVector ms = Lanes.all(-(dmin * layout.minimum(w, o, s)));
        for (int c = 0; c < 32 / L; c++) {
          codes(w, o, s, c).fma(ds, ms).intoArray(out, to + 32 * s + c * L);
        }
      }
    }
  }

  private FloatVector codes(MemorySegment w, long o, int s, int c) {
    IntVector bytes = Lanes.unsignedBytes(w, o + nibblesAt + (s >> 1) * 32L, c);
    IntVector low = bytes.lanewise(VectorOperators.LSHR, 4 * (s & 1)).and(15);
    if (!fifth) {
      return Lanes.toFloat(low);
    }
    IntVector high = Lanes.unsignedBytes(w, o + FIFTH_AT, c).lanewise(VectorOperators.LSHR, s);
    return Lanes.toFloat(low.or(high.and(1).lanewise(VectorOperators.LSHL, 4)));
  }
}
