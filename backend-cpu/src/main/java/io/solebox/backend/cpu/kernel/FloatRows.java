package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Weights stored as floats of 32 or 16 bits. What differs is how a vector of them is loaded; and
 * each has loops of its own: one loop that asked for the kind was a fifth slower.
 */
sealed interface FloatRows extends DotFormat {
  /** Bytes of a weight. */
  int bytes();

  /** The weight at byte {@code at}. */
  float one(MemorySegment w, long at);

  /** {@link #unpack} of whole vectors. */
  void unpackVectors(MemorySegment w, long at, int count, float[] out, int outAt);

  @Override
  default long rowBytes(int cols) {
    return (long) bytes() * cols;
  }

  @Override
  default void unpack(MemorySegment w, long at, int count, float[] out, int outAt) {
    int main = count - count % L;
    unpackVectors(w, at, main, out, outAt);
    for (int k = main; k < count; k++) {
      out[outAt + k] = one(w, at + (long) bytes() * k);
    }
  }

  @Override
  default float tail(
      float sum, MemorySegment w, long at, int from, int cols, MemorySegment x, long xAt) {
    for (int k = from; k < cols; k++) {
      sum = Math.fma(one(w, at + (long) bytes() * k), x.get(Lanes.FLOAT, xAt + 4L * k), sum);
    }
    return sum;
  }

  /** f32. */
  record F32() implements FloatRows {
    @Override
    public int bytes() {
      return Float.BYTES;
    }

    @Override
    public float one(MemorySegment w, long at) {
      return w.get(Lanes.FLOAT, at);
    }

    @Override
    public void unpackVectors(MemorySegment w, long at, int count, float[] out, int outAt) {
      load(w, at, count, out, outAt);
    }

    /** {@link #unpackVectors}, for the KV cache too. */
    static void load(MemorySegment w, long at, int count, float[] out, int outAt) {
      for (int k = 0; k < count; k += L) {
        Lanes.floats(w, at + 4L * k).intoArray(out, outAt + k);
      }
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
      for (int k = 0; k < count; k += L) {
        FloatVector v = Lanes.floats(x, xAt + 4L * k);
        a0 = Lanes.floats(w, w0 + 4L * k).fma(v, a0);
        a1 = Lanes.floats(w, w1 + 4L * k).fma(v, a1);
      }
      out[out0] = Lanes.sum(a0);
      out[out1] = Lanes.sum(a1);
    }
  }

  /** IEEE half floats. */
  record F16() implements FloatRows {
    @Override
    public int bytes() {
      return Short.BYTES;
    }

    @Override
    public float one(MemorySegment w, long at) {
      return Lanes.half(w, at);
    }

    @Override
    public void unpackVectors(MemorySegment w, long at, int count, float[] out, int outAt) {
      for (int k = 0; k < count; k += L) {
        Lanes.halfToFloat(Lanes.shorts(w, at + 2L * k)).intoArray(out, outAt + k);
      }
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
      for (int k = 0; k < count; k += L) {
        FloatVector v = Lanes.floats(x, xAt + 4L * k);
        a0 = Lanes.halfToFloat(Lanes.shorts(w, w0 + 2L * k)).fma(v, a0);
        a1 = Lanes.halfToFloat(Lanes.shorts(w, w1 + 2L * k)).fma(v, a1);
      }
      out[out0] = Lanes.sum(a0);
      out[out1] = Lanes.sum(a1);
    }
  }

  /** bfloat16, the upper half of an f32. */
  record BF16() implements FloatRows {
    @Override
    public int bytes() {
      return Short.BYTES;
    }

    @Override
    public float one(MemorySegment w, long at) {
      return Float.intBitsToFloat(w.get(Lanes.SHORT, at) << 16);
    }

    @Override
    public void unpackVectors(MemorySegment w, long at, int count, float[] out, int outAt) {
      for (int k = 0; k < count; k += L) {
        Lanes.bfloatToFloat(Lanes.shorts(w, at + 2L * k)).intoArray(out, outAt + k);
      }
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
      for (int k = 0; k < count; k += L) {
        FloatVector v = Lanes.floats(x, xAt + 4L * k);
        a0 = Lanes.bfloatToFloat(Lanes.shorts(w, w0 + 2L * k)).fma(v, a0);
        a1 = Lanes.bfloatToFloat(Lanes.shorts(w, w1 + 2L * k)).fma(v, a1);
      }
      out[out0] = Lanes.sum(a0);
      out[out1] = Lanes.sum(a1);
    }
  }
}
