package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Attention over the paged cache with a running softmax (Milakov and Gimelshein, arXiv:1805.02867),
 * one key/value head and up to {@value #GROUP} neighbouring tokens of one sequence at a time, which
 * share the unpacked keys and values.
 *
 * <p>A token's result depends on its position and the cache alone: positions are taken in splits of
 * {@value #SPLIT}, aligned to the start of the sequence, in ascending order, and within a split a
 * row touches exactly the blocks that hold positions it sees. Tokens beside it change nothing.
 */
public final class AttentionKernel {
  /** Most tokens that share a pass over the cache. */
  public static final int GROUP = 8;

  /** Positions whose scores are held at once. */
  private static final int SPLIT = 256;

  private static final int TOKENS = KvBlocks.TOKENS;

  private final KvLayout layout;
  private final int headsPerKv;
  private final float scale;
  private final Mask mask;
  private final SplitSoftmax softmax;

  /**
   * @param sinks one per query head, or empty for none
   * @param slopes likewise
   */
  public AttentionKernel(AttentionShape shape, KvType type, float[] sinks, float[] slopes) {
    this.layout = KvLayout.of(shape, type);
    this.headsPerKv = shape.numHeads() / shape.numKvHeads();
    this.scale = shape.scale();
    this.mask = shape.mask();
    this.softmax = new SplitSoftmax(shape.softCap(), sinks, slopes);
  }

  /** A thread's own buffers. A row is a query head of a token of the group. */
  public static final class Scratch {
    private final float[] keys;
    private final float[] values;
    private final float[] queries;
    private final float[] scores;
    private final float[] out;
    private final float[] max;
    private final float[] sum;

    private Scratch(int keyDim, int paddedDim, int rows) {
      keys = new float[TOKENS * keyDim];
      values = new float[TOKENS * paddedDim];
      queries = new float[rows * keyDim];
      scores = new float[rows * SPLIT];
      out = new float[rows * paddedDim];
      max = new float[rows];
      sum = new float[rows];
    }
  }

  /** Buffers for kernels of this shape. */
  public Scratch scratch() {
    return new Scratch(layout.keyDim(), layout.paddedDim(), GROUP * headsPerKv);
  }

  /** Bytes of a {@link #scratch}. */
  public long scratchBytes() {
    long rows = (long) GROUP * headsPerKv;
    long perRow = 2L + layout.keyDim() + SPLIT + layout.paddedDim();
    return 4 * ((long) TOKENS * (layout.keyDim() + layout.paddedDim()) + rows * perRow);
  }

  /**
   * Attends for one group and one key/value head.
   *
   * @param blockTable KV blocks of the sequence
   * @param position position of the group's first token
   * @param tokens tokens in the group, at consecutive positions
   * @param end the sequence's last position in this step, for masks that see ahead
   * @param q f32 [tokens, H*D] at byte {@code qAt}
   * @param out f32 [tokens, H*Dv] at byte {@code outAt}
   * @param plain without vectors
   */
  public void run(
      MemorySegment cache,
      int[] blockTable,
      int position,
      int tokens,
      int end,
      int kvHead,
      MemorySegment q,
      MemorySegment out,
      long qAt,
      long outAt,
      Scratch s,
      boolean plain) {
    int rows = tokens * headsPerKv;
    loadQueries(q, qAt, kvHead, tokens, s);
    Arrays.fill(s.out, 0, rows * layout.paddedDim(), 0f);
    Arrays.fill(s.max, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(s.sum, 0, rows, 0f);
    int first = mask.firstVisible(position);
    int last = mask.lastVisible(position + tokens - 1, end);
    for (int split = first / SPLIT; split <= last / SPLIT; split++) {
      int from = Math.max(first, split * SPLIT) / TOKENS;
      int to = Math.min(last, split * SPLIT + SPLIT - 1) / TOKENS;
      for (int b = from; b <= to; b++) {
        layout.unpackKeys(cache, blockTable[b], kvHead, s.keys, plain);
        score(b, position, tokens, end, s, plain);
      }
      for (int row = 0; row < rows; row++) {
        softmax(split, position + row / headsPerKv, end, row, headOf(kvHead, row), s, plain);
      }
      for (int b = from; b <= to; b++) {
        layout.unpackValues(cache, blockTable[b], kvHead, s.keys, s.values, plain);
        for (int row = 0; row < rows; row++) {
          gather(row, position + row / headsPerKv, end, b, s, plain);
        }
      }
    }
    storeResult(out, outAt, kvHead, tokens, s);
  }

  private int headOf(int kvHead, int row) {
    return kvHead * headsPerKv + row % headsPerKv;
  }

  private long rowAt(long at, int kvHead, int row, int d) {
    long tokenBytes = 4L * layout.numKvHeads() * headsPerKv * d;
    return at + row / headsPerKv * tokenBytes + 4L * headOf(kvHead, row) * d;
  }

  private void loadQueries(MemorySegment q, long at, int kvHead, int tokens, Scratch s) {
    int d = layout.keyDim();
    for (int row = 0; row < tokens * headsPerKv; row++) {
      long from = rowAt(at, kvHead, row, d);
      for (int i = 0; i < d; i++) {
        s.queries[row * d + i] = q.get(Lanes.FLOAT, from + 4L * i) * scale;
      }
    }
  }

  /** Scores of all rows with the block's 32 keys, masked; four rows at once. */
  private void score(int b, int position, int tokens, int end, Scratch s, boolean plain) {
    int rows = tokens * headsPerKv;
    int d = layout.keyDim();
    int to = b * TOKENS % SPLIT;
    for (int row = 0; plain && row < rows; row++) {
      Plain.score(s.keys, TOKENS, s.queries, row * d, d, s.scores, row * SPLIT + to);
    }
    for (int row = 0; !plain && row < rows; row += 4) {
      int last = rows - 1;
      int r1 = Math.min(row + 1, last);
      int r2 = Math.min(row + 2, last);
      int r3 = Math.min(row + 3, last);
      for (int c = 0; c < TOKENS / L; c++) {
        score4(
            s.keys,
            c * L,
            s.queries,
            row * d,
            r1 * d,
            r2 * d,
            r3 * d,
            d,
            s.scores,
            row * SPLIT + to + c * L,
            r1 * SPLIT + to + c * L,
            r2 * SPLIT + to + c * L,
            r3 * SPLIT + to + c * L);
      }
    }
    for (int row = 0; row < rows; row++) {
      int first = mask.firstVisible(position + row / headsPerKv);
      int last = mask.lastVisible(position + row / headsPerKv, end);
      if (last < b * TOKENS + TOKENS - 1 || first > b * TOKENS) {
        hide(s.scores, row * SPLIT + b * TOKENS % SPLIT, b * TOKENS, first, last);
      }
    }
  }

  private static void score4(
      float[] keys,
      int k0,
      float[] q,
      int q0,
      int q1,
      int q2,
      int q3,
      int d,
      float[] out,
      int o0,
      int o1,
      int o2,
      int o3) {
    FloatVector a0 = Lanes.zero();
    FloatVector a1 = a0;
    FloatVector a2 = a0;
    FloatVector a3 = a0;
    for (int i = 0; i < d; i++) {
      FloatVector k = Lanes.floats(keys, k0 + TOKENS * i);
      a0 = k.fma(Lanes.all(q[q0 + i]), a0);
      a1 = k.fma(Lanes.all(q[q1 + i]), a1);
      a2 = k.fma(Lanes.all(q[q2 + i]), a2);
      a3 = k.fma(Lanes.all(q[q3 + i]), a3);
    }
    a0.intoArray(out, o0);
    a1.intoArray(out, o1);
    a2.intoArray(out, o2);
    a3.intoArray(out, o3);
  }

  /** Sets the scores of a block's positions outside {@code first..last} to -Infinity. */
  private static void hide(float[] scores, int at, int blockStart, int first, int last) {
    for (int i = 0; i < TOKENS; i++) {
      if (blockStart + i < first || blockStart + i > last) {
        scores[at + i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** Turns a row's scores of one split into weights, and rescales what earlier splits gave. */
  private void softmax(
      int split, int position, int end, int row, int head, Scratch s, boolean plain) {
    int first = Math.max(mask.firstVisible(position), split * SPLIT) / TOKENS * TOKENS;
    int last = mask.lastVisible(position, end);
    int behind = Math.min(last / TOKENS * TOKENS + TOKENS, split * SPLIT + SPLIT);
    if (first >= behind) {
      return;
    }
    int from = row * SPLIT + first % SPLIT;
    int to = from + behind - first;
    float highest = softmax.prepare(s.scores, from, to, first - position, head, plain);
    float max = Math.max(s.max[row], highest);
    float sum = SplitSoftmax.weigh(s.scores, from, to, max, plain);
    if (s.sum[row] != 0 && s.max[row] != max) {
      float factor = Plain.exp(s.max[row] - max);
      sum = Math.fma(s.sum[row], factor, sum);
      int padded = layout.paddedDim();
      for (int i = row * padded; i < (row + 1) * padded; i++) {
        s.out[i] *= factor;
      }
    } else {
      sum += s.sum[row];
    }
    s.sum[row] = sum;
    s.max[row] = max;
  }

  /** Adds the values of block {@code b} that a row sees, weighted. */
  private void gather(int row, int position, int end, int b, Scratch s, boolean plain) {
    int from = Math.max(0, mask.firstVisible(position) - b * TOKENS);
    int to = Math.min(TOKENS, mask.lastVisible(position, end) - b * TOKENS + 1);
    int weights = row * SPLIT + b * TOKENS % SPLIT;
    int padded = layout.paddedDim();
    if (plain) {
      Plain.gather(s.scores, weights, s.values, padded, from, to, s.out, row * padded);
      return;
    }
    int i = 0;
    for (; i + 4 * L <= padded; i += 4 * L) {
      gather4(s.scores, weights, s.values, i, padded, from, to, s.out, row * padded + i);
    }
    for (; i < padded; i += L) {
      FloatVector a = Lanes.floats(s.out, row * padded + i);
      for (int p = from; p < to; p++) {
        a = Lanes.floats(s.values, p * padded + i).fma(Lanes.all(s.scores[weights + p]), a);
      }
      a.intoArray(s.out, row * padded + i);
    }
  }

  private static void gather4(
      float[] weights,
      int w,
      float[] values,
      int v,
      int stride,
      int from,
      int to,
      float[] out,
      int o) {
    FloatVector a0 = Lanes.floats(out, o);
    FloatVector a1 = Lanes.floats(out, o + L);
    FloatVector a2 = Lanes.floats(out, o + 2 * L);
    FloatVector a3 = Lanes.floats(out, o + 3 * L);
    for (int p = from; p < to; p++) {
      FloatVector weight = Lanes.all(weights[w + p]);
      int at = v + p * stride;
      a0 = Lanes.floats(values, at).fma(weight, a0);
      a1 = Lanes.floats(values, at + L).fma(weight, a1);
      a2 = Lanes.floats(values, at + 2 * L).fma(weight, a2);
      a3 = Lanes.floats(values, at + 3 * L).fma(weight, a3);
    }
    a0.intoArray(out, o);
    a1.intoArray(out, o + L);
    a2.intoArray(out, o + 2 * L);
    a3.intoArray(out, o + 3 * L);
  }

  private void storeResult(MemorySegment out, long at, int kvHead, int tokens, Scratch s) {
    int d = layout.valueDim();
    int padded = layout.paddedDim();
    for (int row = 0; row < tokens * headsPerKv; row++) {
      long to = rowAt(at, kvHead, row, d);
      float divisor = softmax.divisor(headOf(kvHead, row), s.max[row], s.sum[row]);
      for (int i = 0; i < d; i++) {
        out.set(Lanes.FLOAT, to + 4L * i, s.out[row * padded + i] / divisor);
      }
    }
  }
}
