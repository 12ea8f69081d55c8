package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Q8_0: blocks of 32 weights in 34 bytes, f16 scale d and 32 signed bytes q; w = d q
 * (ggml-org/ggml: src/ggml-common.h, block_q8_0). The product is exact in f32.
 */
final class ByteRows implements DotFormat {
  private static final int BLOCK = 32;
  private static final int BYTES = 34;

  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    load(w, at, count, out, outAt);
  }

  /** {@link #unpack}, for the KV cache too. */
  static void load(MemorySegment w, long at, int count, float[] out, int outAt) {
    for (int b = 0; b < count / BLOCK; b++) {
      long o = at + (long) BYTES * b;
      FloatVector d = Lanes.all(Lanes.half(w, o));
      for (int c = 0; c < BLOCK / L; c++) {
        chunk(w, o, c, d).intoArray(out, outAt + BLOCK * b + c * L);
      }
    }
  }

  @Override
  public long rowBytes(int cols) {
    return cols / BLOCK * (long) BYTES;
  }

  @Override
  public void dot2(
      MemorySegment w,
      long w0,
      long w1,
      int count,
      MemorySegment x,
      long xAt,
      float[] out,
      int out0,
      int out1) {
    FloatVector a0 = Lanes.zero();
    FloatVector a1 = a0;
    for (int b = 0; b < count / BLOCK; b++) {
      long o = (long) BYTES * b;
      long from = xAt + 4L * BLOCK * b;
      FloatVector d0 = Lanes.all(Lanes.half(w, w0 + o));
      FloatVector d1 = Lanes.all(Lanes.half(w, w1 + o));
      for (int c = 0; c < BLOCK / L; c += 2) {
        FloatVector v0 = Lanes.floats(x, from + 4L * L * c);
        FloatVector v1 = Lanes.floats(x, from + 4L * L * (c + 1));
        a0 = chunk(w, w0 + o, c, d0).fma(v0, a0);
        a1 = chunk(w, w1 + o, c, d1).fma(v0, a1);
        a0 = chunk(w, w0 + o, c + 1, d0).fma(v1, a0);
        a1 = chunk(w, w1 + o, c + 1, d1).fma(v1, a1);
      }
    }
    out[out0] = Lanes.sum(a0);
    out[out1] = Lanes.sum(a1);
  }

  /** Rows are whole blocks, and these whole vectors. */
  @Override
  public float tail(
      float sum, MemorySegment w, long at, int from, int cols, MemorySegment x, long xAt) {
    return sum;
  }

  private static FloatVector chunk(MemorySegment w, long o, int c, FloatVector d) {
    return Lanes.signedBytes(w, o + 2, c).mul(d);
  }
}
