package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * Q4_0, Q4_1, Q5_0, Q5_1: blocks of 32 weights: f16 scale d and, for the second of each, minimum m;
 * 32 fifth bits for the last two; 16 bytes whose low nibbles are weights 0 to 15 and high nibbles
 * 16 to 31; w = d (q - 8), d (q - 16), or d q + m (ggml-org/ggml: src/ggml-common.h). The product
 * is exact, so the fused multiply-add rounds as the plain formula does.
 */
final class SmallRows implements RowFormat {
  private static final int BLOCK = 32;

  private final int bytes;
  private final boolean fifth;
  private final boolean minimum;
  private final int fifthAt;
  private final int nibblesAt;
  private final int zero;

  SmallRows(TensorType type) {
    var family = type.family().orElseThrow();
    this.bytes = type.blockBytes();
    this.fifth = family.codes().bits() == 5;
    this.minimum = family.scales().hasMinimums();
    this.nibblesAt = bytes - BLOCK / 2;
    this.fifthAt = nibblesAt - BLOCK / 8;
    this.zero = -family.codes().value(0);
  }

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) bytes * b;
      int to = outAt + BLOCK * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      int high = fifth ? w.get(Lanes.INT, o + fifthAt) : 0;
      if (minimum) {
        FloatVector m = Lanes.all(Lanes.half(w, o + 2));
        for (int c = 0; c < BLOCK / L; c++) {
          codes(w, o, c, high).fma(d, m).intoArray(out, to + c * L);
        }
      } else {
        for (int c = 0; c < BLOCK / L; c++) {
          codes(w, o, c, high).sub(zero).mul(d).intoArray(out, to + c * L);
        }
      }
    }
  }

  private FloatVector codes(MemorySegment w, long o, int c, int high) {
    IntVector low = Nibbles.of32(w, o + nibblesAt, c);
    return Lanes.toFloat(fifth ? low.or(Nibbles.fifthBits(high, c)) : low);
  }
}
