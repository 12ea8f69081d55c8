package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of the matrix product: four rows of dequantized weights times 4, 2 or 1 tokens.
 * Accumulators are vectors of L lanes, kept in an array between slabs of K, so that the order over
 * K is that of {@link DotFormat#dot} whatever the tile, the slab or the number of tokens.
 *
 * <p>Each width is written out: accumulators stay in registers only as variables, and a last token
 * that was computed twice by the tile of two made all tiles a fifth slower.
 */
final class Tile {
  /** Rows of a tile. */
  static final int ROWS = 4;

  /** Sixteen accumulators need 32 registers, which only machines with 512-bit vectors have. */
  private static final boolean WIDE = L == 16;

  private Tile() {}

  /**
   * Multiplies four rows with {@code tokens} tokens.
   *
   * @param w weights, row r at {@code wAt + r * wStride}
   * @param x activations, token t at byte {@code xAt + t * xStride}
   * @param count elements of K, a multiple of L
   * @param acc accumulators, that of row r and token t at {@code accAt + r * accStride + t * L}
   */
  static void multiply(
      float[] w,
      int wAt,
      int wStride,
      MemorySegment x,
      long xAt,
      long xStride,
      int count,
      int tokens,
      float[] acc,
      int accAt,
      int accStride) {
    int t = 0;
    if (WIDE) {
      for (; t + 4 <= tokens; t += 4) {
        by4(w, wAt, wStride, x, xAt + t * xStride, xStride, count, acc, accAt + t * L, accStride);
      }
    }
    for (; t + 2 <= tokens; t += 2) {
      by2(w, wAt, wStride, x, xAt + t * xStride, xStride, count, acc, accAt + t * L, accStride);
    }
    if (t < tokens) {
      by1(w, wAt, wStride, x, xAt + t * xStride, count, acc, accAt + t * L, accStride);
    }
  }

  private static void by4(
      float[] w,
      int w0,
      int wStride,
      MemorySegment x,
      long x0,
      long xStride,
      int count,
      float[] acc,
      int acc0,
      int accStride) {
    int w1 = w0 + 1 * wStride;
    int w2 = w0 + 2 * wStride;
    int w3 = w0 + 3 * wStride;
    long x1 = x0 + 1 * xStride;
    long x2 = x0 + 2 * xStride;
    long x3 = x0 + 3 * xStride;
    int acc1 = acc0 + 1 * accStride;
    int acc2 = acc0 + 2 * accStride;
    int acc3 = acc0 + 3 * accStride;
    FloatVector a00 = Lanes.floats(acc, acc0);
    FloatVector a01 = Lanes.floats(acc, acc0 + L);
    FloatVector a02 = Lanes.floats(acc, acc0 + 2 * L);
    FloatVector a03 = Lanes.floats(acc, acc0 + 3 * L);
    FloatVector a10 = Lanes.floats(acc, acc1);
    FloatVector a11 = Lanes.floats(acc, acc1 + L);
    FloatVector a12 = Lanes.floats(acc, acc1 + 2 * L);
    FloatVector a13 = Lanes.floats(acc, acc1 + 3 * L);
    FloatVector a20 = Lanes.floats(acc, acc2);
    FloatVector a21 = Lanes.floats(acc, acc2 + L);
    FloatVector a22 = Lanes.floats(acc, acc2 + 2 * L);
    FloatVector a23 = Lanes.floats(acc, acc2 + 3 * L);
    FloatVector a30 = Lanes.floats(acc, acc3);
    FloatVector a31 = Lanes.floats(acc, acc3 + L);
    FloatVector a32 = Lanes.floats(acc, acc3 + 2 * L);
    FloatVector a33 = Lanes.floats(acc, acc3 + 3 * L);
    for (int k = 0; k < count; k += L) {
      FloatVector v0 = Lanes.floats(w, w0 + k);
      FloatVector v1 = Lanes.floats(w, w1 + k);
      FloatVector v2 = Lanes.floats(w, w2 + k);
      FloatVector v3 = Lanes.floats(w, w3 + k);
      FloatVector u0 = Lanes.floats(x, x0 + 4L * k);
      a00 = v0.fma(u0, a00);
      a10 = v1.fma(u0, a10);
      a20 = v2.fma(u0, a20);
      a30 = v3.fma(u0, a30);
      FloatVector u1 = Lanes.floats(x, x1 + 4L * k);
      a01 = v0.fma(u1, a01);
      a11 = v1.fma(u1, a11);
      a21 = v2.fma(u1, a21);
      a31 = v3.fma(u1, a31);
      FloatVector u2 = Lanes.floats(x, x2 + 4L * k);
      a02 = v0.fma(u2, a02);
      a12 = v1.fma(u2, a12);
      a22 = v2.fma(u2, a22);
      a32 = v3.fma(u2, a32);
      FloatVector u3 = Lanes.floats(x, x3 + 4L * k);
      a03 = v0.fma(u3, a03);
      a13 = v1.fma(u3, a13);
      a23 = v2.fma(u3, a23);
      a33 = v3.fma(u3, a33);
    }
    a00.intoArray(acc, acc0);
    a01.intoArray(acc, acc0 + L);
    a02.intoArray(acc, acc0 + 2 * L);
    a03.intoArray(acc, acc0 + 3 * L);
    a10.intoArray(acc, acc1);
    a11.intoArray(acc, acc1 + L);
    a12.intoArray(acc, acc1 + 2 * L);
    a13.intoArray(acc, acc1 + 3 * L);
    a20.intoArray(acc, acc2);
    a21.intoArray(acc, acc2 + L);
    a22.intoArray(acc, acc2 + 2 * L);
    a23.intoArray(acc, acc2 + 3 * L);
    a30.intoArray(acc, acc3);
    a31.intoArray(acc, acc3 + L);
    a32.intoArray(acc, acc3 + 2 * L);
    a33.intoArray(acc, acc3 + 3 * L);
  }

  private static void by2(
      float[] w,
      int w0,
      int wStride,
      MemorySegment x,
      long x0,
      long xStride,
      int count,
      float[] acc,
      int acc0,
      int accStride) {
    int w1 = w0 + 1 * wStride;
    int w2 = w0 + 2 * wStride;
    int w3 = w0 + 3 * wStride;
    long x1 = x0 + 1 * xStride;
    int acc1 = acc0 + 1 * accStride;
    int acc2 = acc0 + 2 * accStride;
    int acc3 = acc0 + 3 * accStride;
    FloatVector a00 = Lanes.floats(acc, acc0);
    FloatVector a01 = Lanes.floats(acc, acc0 + L);
    FloatVector a10 = Lanes.floats(acc, acc1);
    FloatVector a11 = Lanes.floats(acc, acc1 + L);
    FloatVector a20 = Lanes.floats(acc, acc2);
    FloatVector a21 = Lanes.floats(acc, acc2 + L);
    FloatVector a30 = Lanes.floats(acc, acc3);
    FloatVector a31 = Lanes.floats(acc, acc3 + L);
    for (int k = 0; k < count; k += L) {
      FloatVector v0 = Lanes.floats(w, w0 + k);
      FloatVector v1 = Lanes.floats(w, w1 + k);
      FloatVector v2 = Lanes.floats(w, w2 + k);
      FloatVector v3 = Lanes.floats(w, w3 + k);
      FloatVector u0 = Lanes.floats(x, x0 + 4L * k);
      a00 = v0.fma(u0, a00);
      a10 = v1.fma(u0, a10);
      a20 = v2.fma(u0, a20);
      a30 = v3.fma(u0, a30);
      FloatVector u1 = Lanes.floats(x, x1 + 4L * k);
      a01 = v0.fma(u1, a01);
      a11 = v1.fma(u1, a11);
      a21 = v2.fma(u1, a21);
      a31 = v3.fma(u1, a31);
    }
    a00.intoArray(acc, acc0);
    a01.intoArray(acc, acc0 + L);
    a10.intoArray(acc, acc1);
    a11.intoArray(acc, acc1 + L);
    a20.intoArray(acc, acc2);
    a21.intoArray(acc, acc2 + L);
    a30.intoArray(acc, acc3);
    a31.intoArray(acc, acc3 + L);
  }

  private static void by1(
      float[] w,
      int w0,
      int wStride,
      MemorySegment x,
      long x0,
      int count,
      float[] acc,
      int acc0,
      int accStride) {
    int w1 = w0 + 1 * wStride;
    int w2 = w0 + 2 * wStride;
    int w3 = w0 + 3 * wStride;
    int acc1 = acc0 + 1 * accStride;
    int acc2 = acc0 + 2 * accStride;
    int acc3 = acc0 + 3 * accStride;
    FloatVector a00 = Lanes.floats(acc, acc0);
    FloatVector a10 = Lanes.floats(acc, acc1);
    FloatVector a20 = Lanes.floats(acc, acc2);
    FloatVector a30 = Lanes.floats(acc, acc3);
    for (int k = 0; k < count; k += L) {
      FloatVector v0 = Lanes.floats(w, w0 + k);
      FloatVector v1 = Lanes.floats(w, w1 + k);
      FloatVector v2 = Lanes.floats(w, w2 + k);
      FloatVector v3 = Lanes.floats(w, w3 + k);
      FloatVector u0 = Lanes.floats(x, x0 + 4L * k);
      a00 = v0.fma(u0, a00);
      a10 = v1.fma(u0, a10);
      a20 = v2.fma(u0, a20);
      a30 = v3.fma(u0, a30);
    }
    a00.intoArray(acc, acc0);
    a10.intoArray(acc, acc1);
    a20.intoArray(acc, acc2);
    a30.intoArray(acc, acc3);
  }
}
