package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.tensor.BlockLayout;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The matrix product {@code out = x W^T + bias} over a range of rows of W, in f32. One token goes
 * straight through the format's {@link DotFormat#dot} where it has one; several share weights that
 * are dequantized once, a slab of {@value #SLAB} columns at a time; and there is {@link Plain} Java
 * for a cold start. All three give the same bits.
 */
public final class LinearKernel {
  /** Rows that are dequantized together; also the rows of a unit of work with several tokens. */
  public static final int ROWS = 16;

  /** Most rows of a unit of work with one token. */
  public static final int DOT_ROWS = 256;

  /** Columns per slab, a multiple of every block size; four rows of it and four tokens fit L1. */
  static final int SLAB = 768;

  /** Tokens that one dequantization serves. */
  private static final int TOKENS = 128;

  /** A thread's own buffers. */
  public static final class Scratch {
    final float[] weights = new float[ROWS * SLAB];
    final float[] accumulators = new float[ROWS * TOKENS * L];
    final float[] sums = new float[DOT_ROWS];
    final float[] x = new float[SLAB];

    /** Bytes that one of these takes. */
    public static long bytes() {
      return 4L * (ROWS * SLAB + ROWS * TOKENS * L + DOT_ROWS + SLAB);
    }
  }

  private final TensorType type;
  private final RowFormat format;
  private final MemorySegment w;
  private final int rows;
  private final int cols;
  private final long rowBytes;
  private final float[] bias;

  /**
   * @param w [rows, cols] of {@code type}
   * @param bias [rows], or empty for none
   */
  public LinearKernel(TensorType type, MemorySegment w, int rows, int cols, float[] bias) {
    this.type = type;
    this.format = RowFormat.of(type);
    this.w = w;
    this.rows = rows;
    this.cols = cols;
    this.rowBytes = type.bytes(cols);
    this.bias = bias;
  }

  /** Whether weights of this type are multiplied straight from the file. */
  public static boolean takesInPlace(TensorType type) {
    return RowFormat.of(type) instanceof DotFormat;
  }

  public int rows() {
    return rows;
  }

  /** The work of {@code n} rows. */
  public long multiplyAdds(int tokens, int n) {
    return (long) tokens * n * cols;
  }

  public long rowBytes() {
    return rowBytes;
  }

  /**
   * Computes rows {@code from} to {@code to}, exclusive, for all tokens.
   *
   * @param x f32 [tokens, cols], dense
   * @param out f32 [tokens, rows], dense
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
    if (tokens == 1 && !plain && format instanceof DotFormat dots) {
      for (int row = from; row < to; row += DOT_ROWS) {
        int n = Math.min(DOT_ROWS, to - row);
        dots.dot(w, row * rowBytes, n, cols, x, 0, scratch.sums, 0);
        for (int r = 0; r < n; r++) {
          store(out, 0, row + r, scratch.sums[r]);
        }
      }
      return;
    }
    for (int row = from; row < to; row += ROWS) {
      int n = Math.min(ROWS, to - row);
      for (int t = 0; t < tokens; t += TOKENS) {
        int group = Math.min(TOKENS, tokens - t);
        if (plain) {
          plain(x, out, t, group, row, n, scratch);
        } else {
          block(x, out, t, group, row, n, scratch);
        }
      }
    }
  }

  private void block(
      MemorySegment x, MemorySegment out, int t0, int tokens, int row, int n, Scratch scratch) {
    int accStride = tokens * L;
    int padded = (n + Tile.ROWS - 1) / Tile.ROWS * Tile.ROWS;
    Arrays.fill(scratch.accumulators, 0, padded * accStride, 0f);
    int main = cols - cols % L;
    int count = 0;
    for (int k = 0; k < cols; k += SLAB) {
      count = Math.min(SLAB, cols - k);
      for (int r = 0; r < n; r++) {
        format.unpack(w, (row + r) * rowBytes + type.bytes(k), count, scratch.weights, r * SLAB);
      }
      slab(x, t0, tokens, k, Math.min(count, main - k), padded, scratch);
    }
    int tail = cols - main;
    for (int r = 0; r < n; r++) {
      for (int t = 0; t < tokens; t++) {
        float s = Lanes.sum(Lanes.floats(scratch.accumulators, r * accStride + t * L));
        for (int i = 0; i < tail; i++) {
          float xi = x.get(Lanes.FLOAT, 4 * ((long) (t0 + t) * cols + main + i));
          s = Math.fma(scratch.weights[r * SLAB + count - tail + i], xi, s);
        }
        store(out, t0 + t, row + r, s);
      }
    }
  }

  /** All tiles of one slab; a pair of four rows and four tokens stays in L1 meanwhile. */
  private void slab(
      MemorySegment x, int t0, int tokens, int k, int count, int padded, Scratch scratch) {
    int accStride = tokens * L;
    for (int t = 0; t < tokens; t += 4) {
      long xAt = 4 * ((long) (t0 + t) * cols + k);
      for (int r = 0; r < padded; r += Tile.ROWS) {
        Tile.multiply(
            scratch.weights,
            r * SLAB,
            SLAB,
            x,
            xAt,
            4L * cols,
            count,
            Math.min(4, tokens - t),
            scratch.accumulators,
            r * accStride + t * L,
            accStride);
      }
    }
  }

  private void plain(
      MemorySegment x, MemorySegment out, int t0, int tokens, int row, int n, Scratch scratch) {
    float[] weights = scratch.weights;
    Arrays.fill(scratch.accumulators, 0, n * tokens * L, 0f);
    BlockLayout layout = BlockLayouts.of(type);
    for (int k = 0; k < cols; k += SLAB) {
      int count = Math.min(SLAB, cols - k);
      for (int r = 0; r < n; r++) {
        layout.dequantize(w, (row + r) * rowBytes + type.bytes(k), weights, r * SLAB, count);
      }
      for (int t = 0; t < tokens; t++) {
        long xAt = 4 * ((long) (t0 + t) * cols + k);
        MemorySegment.copy(x, Lanes.FLOAT, xAt, scratch.x, 0, count);
        for (int r = 0; r < n; r++) {
          int acc = (r * tokens + t) * L;
          Plain.multiply(
              weights, r * SLAB, scratch.x, count - count % L, scratch.accumulators, acc);
          if (k + count == cols) {
            store(out, t0 + t, row + r, finish(r, count, acc, scratch));
          }
        }
      }
    }
  }

  /** The sum of the lanes and of the columns after the last whole vector. */
  private static float finish(int r, int count, int acc, Scratch scratch) {
    float s = Plain.sum(scratch.accumulators, acc);
    for (int i = count - count % L; i < count; i++) {
      s = Math.fma(scratch.weights[r * SLAB + i], scratch.x[i], s);
    }
    return s;
  }

  private void store(MemorySegment out, int token, int row, float value) {
    float biased = bias.length == 0 ? value : value + bias[row];
    out.set(Lanes.FLOAT, 4 * ((long) token * rows + row), biased);
  }
}
