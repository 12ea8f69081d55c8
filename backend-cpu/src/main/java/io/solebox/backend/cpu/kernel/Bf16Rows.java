package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Weights stored as bfloat16, the upper half of an f32. */
final class Bf16Rows implements DotFormat {
  @Override
  public void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    int main = count - count % L;
    for (int k = 0; k < main; k += L) {
      some(w, at + 2 * (long) k).intoArray(out, outAt + k);
    }
    for (int k = main; k < count; k++) {
      out[outAt + k] = one(w, at + 2 * (long) k);
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
    long rowBytes = 2L * cols;
    int half = (rows + 1) / 2;
    for (int r = 0; r < half; r++) {
      // An odd row out is computed twice.
      int other = Math.min(r + half, rows - 1);
      dot2(
          w, at + r * rowBytes, at + other * rowBytes, cols, x, xAt, out, outAt + r, outAt + other);
    }
  }

  private static void dot2(
      MemorySegment w,
      long w0,
      long w1,
      int cols,
      MemorySegment x,
      long xAt,
      float[] out,
      int out0,
      int out1) {
    FloatVector a0 = Lanes.zero();
    FloatVector a1 = a0;
    int main = cols - cols % L;
    for (int k = 0; k < main; k += L) {
      FloatVector v = Lanes.floats(x, xAt + 4L * k);
      a0 = some(w, w0 + 2L * k).fma(v, a0);
      a1 = some(w, w1 + 2L * k).fma(v, a1);
    }
    out[out0] = tail(Lanes.sum(a0), w, w0, main, cols, x, xAt);
    out[out1] = tail(Lanes.sum(a1), w, w1, main, cols, x, xAt);
  }

  private static float tail(
      float sum, MemorySegment w, long at, int from, int cols, MemorySegment x, long xAt) {
    for (int k = from; k < cols; k++) {
      sum = Math.fma(one(w, at + 2L * k), x.get(Lanes.FLOAT, xAt + 4L * k), sum);
    }
    return sum;
  }

  private static FloatVector some(MemorySegment w, long at) {
    return Lanes.bfloatToFloat(Lanes.shorts(w, at));
  }

  private static float one(MemorySegment w, long at) {
    return Float.intBitsToFloat(w.get(Lanes.SHORT, at) << 16);
  }
}
