package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The matrix product {@code out = x W^T + bias} of quantized weights with 8-bit activations, for
 * weights as {@link CodeLayout} keeps them and activations as {@link Codes} encodes them.
 *
 * <p>For each row and token {@code sum of m s} over the runs in ascending order, with s the sum of
 * a run's activations; then {@code fma(t d, dx, ...)} over the runs, t the exact integer sum of a
 * run. That is one sequence of operations per row, in lanes of their own: the bits depend neither
 * on the number of tokens nor on the width of vectors.
 */
public final class CodeKernel {
  private static final int ROWS = CodeLayout.ROWS;

  /**
   * Weights whose scales are decoded at a time, to serve all tokens from the second-level cache.
   */
  private static final int UNIT_COLUMNS = 1 << 14;

  /** Tokens of a tile: with more, the compiler stops to inline (docs/cpu-backend.md). */
  private static final int TILE = 2;

  private final CodeLayout layout;
  private final Codes codes;
  private final boolean hasMins;
  private final MemorySegment w;
  private final int rows;
  private final int xInts;
  private final float[] bias;

  /** A thread's own buffers, for matrices of up to so many columns. */
  public static final class Scratch {
    private final float[] d;
    private final float[] m;
    private final int[] x;
    private final float[] out = new float[TILE * ROWS];
    private final int[] sums;

    public Scratch(int cols) {
      d = new float[scales(cols)];
      m = new float[scales(cols)];
      x = new int[encoded(cols)];
      sums = new int[sums(cols)];
    }

    private static int sums(int cols) {
      return TILE * Math.max(ROWS, cols);
    }

    /** For runs of half a block: no format has shorter ones. */
    private static int scales(int cols) {
      return groups(cols) * cols;
    }

    private static int encoded(int cols) {
      int most = 0;
      for (Codes c : Codes.values()) {
        most = Math.max(most, TILE * c.ints(cols));
      }
      return most;
    }

    /** Bytes that one of these takes. */
    public static long bytes(int cols) {
      return 4L * (2 * scales(cols) + encoded(cols) + TILE * ROWS + sums(cols));
    }
  }

  /**
   * @param w repacked [rows, cols]
   * @param bias [rows], or empty for none
   */
  public CodeKernel(CodeLayout layout, MemorySegment w, int rows, float[] bias) {
    this.layout = layout;
    this.codes = layout.format.codes();
    this.hasMins = layout.format.scales().hasMins();
    this.w = w;
    this.rows = rows;
    this.xInts = codes.ints(layout.cols);
    this.bias = bias;
  }

  /** Groups that several tokens take at a time. */
  private static int groups(int cols) {
    return Math.clamp(UNIT_COLUMNS / Math.max(1, cols), 1, 8);
  }

  public int groups() {
    return Math.ceilDiv(rows, ROWS);
  }

  /** Multiply-adds of a group for each token. */
  public long groupWork() {
    return (long) ROWS * layout.cols;
  }

  /**
   * Computes groups {@code from} to {@code to}, exclusive, for all tokens.
   *
   * @param x encoded [tokens, cols]
   * @param out f32 [tokens, rows]
   * @param plain without vectors
   */
  public void run(
      MemorySegment x,
      MemorySegment out,
      int tokens,
      int from,
      int to,
      Scratch scratch,
      boolean plain) {
    int most = groups(layout.cols);
    for (int group = from; group < to; group += most) {
      int n = Math.min(most, to - group);
      for (int g = 0; g < n; g++) {
        scales(group + g, g, scratch, plain);
      }
      for (int t = 0; t < tokens; t += TILE) {
        int tile = Math.min(TILE, tokens - t);
        MemorySegment.copy(x, Lanes.INT, 4L * t * xInts, scratch.x, 0, tile * xInts);
        for (int g = 0; g < n; g++) {
          tile(group + g, g, tile, scratch, plain);
          store(out, t, tile, group + g, scratch.out);
        }
      }
    }
  }

  private int scalesAt(int g) {
    return g * layout.runs * ROWS;
  }

  private void scales(int group, int g, Scratch scratch, boolean plain) {
    long at = group * layout.groupBytes();
    int runs = layout.format.blockRuns();
    CodeScales scales = layout.format.scales();
    for (int b = 0; b < layout.blocks(); b++) {
      long block = at + b * layout.scaleBytes;
      int to = scalesAt(g) + b * runs * ROWS;
      if (plain) {
        for (int row = 0; row < ROWS; row++) {
          scales.unpackRow(w, block, row, scratch.d, scratch.m, to);
        }
      } else {
        scales.unpack(w, block, scratch.d, scratch.m, to);
      }
    }
  }

  private void tile(int group, int g, int tokens, Scratch s, boolean plain) {
    int scales = scalesAt(g);
    long at = group * layout.groupBytes() + layout.codesAt;
    if (plain) {
      for (int t = 0; t < tokens; t++) {
        plain(at, scales, t * xInts, s, t * ROWS);
      }
      return;
    }
    for (int r = 0; r < ROWS; r += L) {
      for (int t = 0; t < tokens; t++) {
        mins(s, scales + r, t * xInts, t * ROWS + r);
      }
      if (tokens == TILE) {
        two(w, at + 4L * r, layout.runs, codes, s.x, xInts, s.sums, r, layout.runs * ROWS);
      } else {
        one(w, at + 4L * r, layout.runs, codes, s.x, s.sums, r);
      }
      for (int t = 0; t < tokens; t++) {
        scale(s, scales + r, t, t * ROWS + r, r);
      }
    }
  }

  /** The part of the result that the minima make. */
  private void mins(Scratch s, int mAt, int xAt, int outAt) {
    FloatVector a = Lanes.zero();
    if (hasMins) {
      int sums = xAt + 2;
      for (int run = 0; run < layout.runs; run++) {
        FloatVector sum = Lanes.all(Float.intBitsToFloat(s.x[sums + run * codes.stride]));
        a = Lanes.floats(s.m, mAt + run * ROWS).fma(sum, a);
      }
    }
    a.intoArray(s.out, outAt);
  }

  /** Adds the sums of a token's runs, scaled. */
  private void scale(Scratch s, int dAt, int token, int outAt, int row) {
    FloatVector a = Lanes.floats(s.out, outAt);
    int scale = token * xInts + 1;
    int from = token * layout.runs * ROWS + row;
    for (int run = 0; run < layout.runs; run++) {
      FloatVector dx = Lanes.all(Float.intBitsToFloat(s.x[scale + run * codes.stride]));
      FloatVector d = Lanes.floats(s.d, dAt + run * ROWS);
      a = both(s.sums, from + run * ROWS).mul(d).fma(dx, a);
    }
    a.intoArray(s.out, outAt);
  }

  /** The sum of both lanes of each row. */
  private static FloatVector both(int[] sums, int at) {
    IntVector v = IntVector.fromArray(Lanes.I, sums, at);
    IntVector first = v.lanewise(VectorOperators.LSHL, 16).lanewise(VectorOperators.ASHR, 16);
    return Lanes.toFloat(first.add(v.lanewise(VectorOperators.ASHR, 16)));
  }

  /** The sums of each run, {@value CodeLayout#ROWS} rows apart: two lanes of each row. */
  private static void one(
      MemorySegment w, long at, int runs, Codes codes, int[] x, int[] sums, int sumsAt) {
    int planes = codes.planes;
    int s1 = codes.s1;
    int s2 = codes.s2;
    int s3 = codes.s3;
    int stride = codes.stride;
    for (int run = 0; run < runs; run++) {
      int y = run * stride;
      long from = at + run * planes * CodeLayout.PLANE;
      ShortVector t = word(x, y);
      for (int p = 0; p < planes; p++) {
        int z = y + Codes.HEADER + Codes.FIELDS * p;
        ShortVector v = words(w, from + p * CodeLayout.PLANE);
        t = t.add(v.mul(word(x, z)));
        t = t.add(v.lanewise(VectorOperators.LSHR, s1).mul(word(x, z + 1)));
        t = t.add(v.lanewise(VectorOperators.LSHR, s2).mul(word(x, z + 2)));
        t = t.add(v.lanewise(VectorOperators.LSHR, s3).mul(word(x, z + 3)));
      }
      t.reinterpretAsInts().intoArray(sums, sumsAt + run * ROWS);
    }
  }

  /** The same for two tokens, whose activations and sums are so many ints apart. */
  private static void two(
      MemorySegment w,
      long at,
      int runs,
      Codes codes,
      int[] x,
      int xStride,
      int[] sums,
      int sumsAt,
      int sumsStride) {
    int planes = codes.planes;
    int s1 = codes.s1;
    int s2 = codes.s2;
    int s3 = codes.s3;
    int stride = codes.stride;
    for (int run = 0; run < runs; run++) {
      int y = run * stride;
      long from = at + run * planes * CodeLayout.PLANE;
      ShortVector t0 = word(x, y);
      ShortVector t1 = word(x, y + xStride);
      for (int p = 0; p < planes; p++) {
        int y0 = y + Codes.HEADER + Codes.FIELDS * p;
        int y1 = y0 + xStride;
        ShortVector v = words(w, from + p * CodeLayout.PLANE);
        t0 = t0.add(v.mul(word(x, y0)));
        t1 = t1.add(v.mul(word(x, y1)));
        ShortVector v1 = v.lanewise(VectorOperators.LSHR, s1);
        t0 = t0.add(v1.mul(word(x, y0 + 1)));
        t1 = t1.add(v1.mul(word(x, y1 + 1)));
        ShortVector v2 = v.lanewise(VectorOperators.LSHR, s2);
        t0 = t0.add(v2.mul(word(x, y0 + 2)));
        t1 = t1.add(v2.mul(word(x, y1 + 2)));
        ShortVector v3 = v.lanewise(VectorOperators.LSHR, s3);
        t0 = t0.add(v3.mul(word(x, y0 + 3)));
        t1 = t1.add(v3.mul(word(x, y1 + 3)));
      }
      t0.reinterpretAsInts().intoArray(sums, sumsAt + run * ROWS);
      t1.reinterpretAsInts().intoArray(sums, sumsAt + sumsStride + run * ROWS);
    }
  }

  /** The same pair of words for every row. */
  private static ShortVector word(int[] x, int at) {
    return IntVector.broadcast(Lanes.I, x[at]).reinterpretAsShorts();
  }

  private static ShortVector words(MemorySegment w, long at) {
    return ShortVector.fromMemorySegment(Lanes.WORDS, w, at, Lanes.LE);
  }

  private void plain(long at, int scalesAt, int xAt, Scratch s, int outAt) {
    for (int r = 0; r < ROWS; r++) {
      float sum = 0;
      for (int run = 0; hasMins && run < layout.runs; run++) {
        float xSum = Float.intBitsToFloat(s.x[xAt + run * codes.stride + 2]);
        sum = Math.fma(s.m[scalesAt + run * ROWS + r], xSum, sum);
      }
      s.out[outAt + r] = sum;
    }
    for (int run = 0; run < layout.runs; run++) {
      int y = xAt + run * codes.stride;
      plainSums(at + run * codes.planes * CodeLayout.PLANE, y, s);
      float dx = Float.intBitsToFloat(s.x[y + 1]);
      for (int r = 0; r < ROWS; r++) {
        float t = (short) s.sums[2 * r] + (short) s.sums[2 * r + 1];
        s.out[outAt + r] = Math.fma(t * s.d[scalesAt + run * ROWS + r], dx, s.out[outAt + r]);
      }
    }
  }

  /** The lanes of a run, of which the low 16 bits count. */
  private void plainSums(long at, int y, Scratch s) {
    for (int half = 0; half < 2; half++) {
      int up = Short.SIZE * half;
      for (int r = 0; r < ROWS; r++) {
        int sum = s.x[y] >> up;
        for (int p = 0; p < codes.planes; p++) {
          int v = w.get(Lanes.INT, at + p * CodeLayout.PLANE + 4L * r) >>> up & 0xFFFF;
          int from = y + Codes.HEADER + Codes.FIELDS * p;
          sum += v * (s.x[from] >> up);
          sum += (v >>> codes.s1) * (s.x[from + 1] >> up);
          sum += (v >>> codes.s2) * (s.x[from + 2] >> up);
          sum += (v >>> codes.s3) * (s.x[from + 3] >> up);
        }
        s.sums[2 * r + half] = sum;
      }
    }
  }

  private void store(MemorySegment out, int token, int tokens, int group, float[] values) {
    int first = group * ROWS;
    int n = Math.min(ROWS, rows - first);
    for (int t = 0; t < tokens; t++) {
      if (bias.length > 0) {
        for (int r = 0; r < n; r++) {
          values[t * ROWS + r] += bias[first + r];
        }
      }
      long at = 4 * ((long) (token + t) * rows + first);
      MemorySegment.copy(values, t * ROWS, out, Lanes.FLOAT, at, n);
    }
  }
}
