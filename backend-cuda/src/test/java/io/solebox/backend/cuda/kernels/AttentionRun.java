package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.fake.PtxMachine;
import io.solebox.backend.cuda.fake.Schedule;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One sequence in a paged cache whose blocks lie in no order, and the kernels that write and read
 * it. Keys and values are multiples of 1/64 with one of 127/64 in every 32, so that each type of
 * cache holds them exactly.
 */
final class AttentionRun {
  static final int PADDING = -1;
  private static final int FAR = 1 << 30;
  private static final float NO_CAP = 0;
  private static final int MAX_BLOCKS = 24;
  private static final float EPS = 1e-6f;

  /** H, K, D and the type of the cache. */
  record Shape(int heads, int kvHeads, int dim, String kv) {
    int padded() {
      return (dim + 7) / 8 * 8;
    }

    int tileBytes() {
      return switch (kv) {
        case "f32" -> 128 * padded();
        case "f16" -> 64 * padded();
        default -> 34 * dim;
      };
    }

    /** Elements of a token in the stacked product of q, k and v. */
    int stride() {
      return (heads + 2 * kvHeads) * dim;
    }

    float scale() {
      return (float) (1 / Math.sqrt(dim));
    }
  }

  private final Shape shape;
  private final int tokens;
  private final PtxMachine machine;
  private final float[] qkv; // [tokens, H + K + K, D]
  private final long input;
  private final long tables;
  private final long keys;
  private final long values;

  AttentionRun(Shape shape, int tokens, String target, Schedule schedule) {
    this(shape, tokens, text(target), schedule);
  }

  /**
   * @param ptx as {@link #text} gives it, or a mutant of that
   */
  AttentionRun(Shape shape, int tokens, KernelText ptx, Schedule schedule) {
    this.shape = shape;
    this.tokens = tokens;
    machine = new KernelRun(ptx.text(), schedule).machine();
    var random = new SplittableRandom(shape.dim());
    qkv = KernelTruth.gaussian(random, tokens * shape.stride(), 2);
    for (int i = 0; i < qkv.length; i++) {
      if (i % shape.stride() >= shape.heads() * shape.dim()) {
        qkv[i] = i % 32 == 5 ? 127 / 64f : (random.nextInt(255) - 127) / 64f;
      }
    }
    input = machine.upload(qkv);
    // Two sequences share the pool; ours is the second, its blocks last to first.
    int[] table = new int[2 * MAX_BLOCKS];
    Arrays.setAll(table, i -> 2 * MAX_BLOCKS - 1 - i);
    tables = machine.upload(table);
    int bytes = 2 * MAX_BLOCKS * shape.kvHeads() * shape.tileBytes();
    keys = machine.allocate(bytes);
    values = machine.allocate(bytes);
  }

  /** PTX of several modules as one. */
  record KernelText(String text) {}

  /** Rope, decode and prefill attention of a target. */
  static KernelText text(String target) {
    return new KernelText(
        KernelRun.text(target, "rope")
            + body(KernelRun.text(target, "attention"))
            + body(KernelRun.text(target, "prefill_attention"))
            + body(KernelRun.text(target, "prefill_attention_mma")));
  }

  /** A file's kernels, to stand behind another's header. */
  private static String body(String ptx) {
    return ptx.substring(ptx.indexOf(".address_size 64") + ".address_size 64".length());
  }

  private long ones(int count) {
    int[] all = new int[count];
    Arrays.fill(all, 1);
    return machine.upload(all);
  }

  private void ropeKv(
      long qOut, long gains, long table, int pairs, int halves, int rows, int from) {
    int[] positions = new int[rows];
    Arrays.setAll(positions, i -> from + i);
    long q = input + 4L * from * shape.stride();
    int heads = shape.heads() + 2 * shape.kvHeads();
    machine.launch(
        "rope_kv_" + shape.kv(),
        (heads + 3) / 4,
        rows,
        128,
        qOut,
        q,
        q + 4L * shape.heads() * shape.dim(),
        q + 4L * (shape.heads() + shape.kvHeads()) * shape.dim(),
        shape.stride(),
        shape.stride(),
        shape.stride(),
        gains,
        gains,
        EPS,
        table,
        pairs,
        halves,
        shape.heads(),
        shape.kvHeads(),
        shape.dim(),
        shape.dim(),
        machine.upload(positions),
        ones(rows),
        tables,
        MAX_BLOCKS,
        keys,
        values);
  }

  /** Writes all tokens to the cache, unrotated. */
  void store() {
    long q = machine.allocate(4 * tokens * shape.heads() * shape.dim());
    ropeKv(q, KernelRun.NONE, KernelRun.NONE, 0, 0, tokens, 0);
  }

  /** Attention of the tokens at these positions, a row each; -1 pads. */
  float[] decode(int[] rows, int window, int split, int maxSplits) {
    int width = shape.heads() * shape.dim();
    float[] q = new float[rows.length * shape.stride()];
    for (int r = 0; r < rows.length; r++) {
      int from = Math.max(0, rows[r]) * shape.stride();
      System.arraycopy(qkv, from, q, r * shape.stride(), shape.stride());
    }
    long positions = machine.upload(rows);
    int splits = (Arrays.stream(rows).max().orElseThrow() + split) / split;
    int cells = rows.length * shape.heads() * Math.max(maxSplits, splits);
    long partial = machine.allocate(4 * cells * shape.padded());
    long stats = machine.allocate(4 * cells * 2);
    int group = shape.heads() / shape.kvHeads();
    int g = group > 4 ? 8 : group > 2 ? 4 : group;
    int most = Math.max(maxSplits, splits);
    machine.launch(
        "attention_" + shape.kv() + "_" + g,
        splits,
        shape.kvHeads() * ((group + g - 1) / g),
        rows.length,
        128,
        0,
        KernelRun.arguments(
            partial,
            stats,
            machine.upload(q),
            shape.stride(),
            positions,
            KernelRun.NONE,
            ones(rows.length),
            tables,
            MAX_BLOCKS,
            keys,
            values,
            shape.heads(),
            shape.kvHeads(),
            shape.dim(),
            shape.dim(),
            shape.scale(),
            NO_CAP,
            KernelRun.NONE,
            before(window),
            0,
            0,
            split,
            most));
    long out = machine.allocate(4 * rows.length * width);
    machine.launch(
        "attention_combine",
        shape.heads(),
        rows.length,
        128,
        out,
        KernelRun.NONE,
        KernelRun.NONE,
        partial,
        stats,
        KernelRun.NONE,
        positions,
        KernelRun.NONE,
        shape.heads(),
        shape.dim(),
        before(window),
        0,
        0,
        split,
        most);
    return machine.floats(out, rows.length * width);
  }

  /** How far tokens with a window see before them; 0 is none. */
  private static int before(int window) {
    return window == 0 ? FAR : window - 1;
  }

  /** Up to where a span's tokens see: the end of their sequence, or less far behind themselves. */
  private record Sight(int end, int after) {}

  /** Attention of {@code count} tokens from {@code from} on, in one span. */
  float[] prefill(int from, int count, int window) {
    return prefill(plain(), from, count, window, new Sight(from + count, 0));
  }

  /** The same on tensor cores. */
  float[] prefillOnTensorCores(int from, int count, int window) {
    return prefill(tensorCores(), from, count, window, new Sight(from + count, 0));
  }

  /** Attention in which each token sees all. */
  float[] encode(int from, int count, boolean onTensorCores) {
    var sight = new Sight(tokens, FAR);
    return prefill(onTensorCores ? tensorCores() : plain(), from, count, 0, sight);
  }

  private String plain() {
    return "prefill_attention_" + shape.kv();
  }

  private String tensorCores() {
    return plain() + "_" + shape.dim();
  }

  private float[] prefill(String entry, int from, int count, int window, Sight sight) {
    int width = shape.heads() * shape.dim();
    long out = machine.allocate(4 * count * width);
    int[] positions = new int[count];
    Arrays.setAll(positions, i -> from + i);
    machine.launch(
        entry,
        1,
        shape.heads(),
        128,
        out,
        input + 4L * from * shape.stride(),
        shape.stride(),
        machine.upload(0, count, sight.end()),
        machine.upload(positions),
        ones(count),
        tables,
        MAX_BLOCKS,
        keys,
        values,
        shape.heads(),
        shape.kvHeads(),
        shape.dim(),
        shape.dim(),
        shape.scale(),
        NO_CAP,
        KernelRun.NONE,
        KernelRun.NONE,
        before(window),
        sight.after(),
        0);
    return machine.floats(out, count * width);
  }

  /** Holds rows at these positions against f64, head by head. */
  void check(int[] rows, int window, float[] actual) {
    check(rows, window, actual, 2e-6);
  }

  void check(int[] rows, int window, float[] actual, double tolerance) {
    int d = shape.dim();
    for (int r = 0; r < rows.length; r++) {
      for (int h = 0; h < shape.heads(); h++) {
        int at = (r * shape.heads() + h) * d;
        KernelTruth.assertClose(
            shape + ", position " + rows[r] + ", head " + h + ", window " + window,
            truth(rows[r], rows[r], h, window),
            Arrays.copyOfRange(actual, at, at + d),
            tolerance,
            0.1 * Math.sqrt(d));
      }
    }
  }

  /** Holds encoded rows at positions from {@code from} on against f64. */
  void checkEncoded(int from, float[] actual, double tolerance) {
    int d = shape.dim();
    for (int at = 0; at < actual.length; at += d) {
      int head = at / d % shape.heads();
      int position = from + at / d / shape.heads();
      KernelTruth.assertClose(
          shape + ", position " + position + ", head " + head,
          truth(position, tokens - 1, head, 0),
          Arrays.copyOfRange(actual, at, at + d),
          tolerance,
          0.1 * Math.sqrt(d));
    }
  }

  private double[] truth(int position, int last, int head, int window) {
    int d = shape.dim();
    int first = window == 0 ? 0 : Math.max(0, position - window + 1);
    int kv = head / (shape.heads() / shape.kvHeads());
    double[] weights = new double[last - first + 1];
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < weights.length; i++) {
      int k = (first + i) * shape.stride() + (shape.heads() + kv) * d;
      for (int e = 0; e < d; e++) {
        weights[i] += (double) qkv[position * shape.stride() + head * d + e] * qkv[k + e];
      }
      weights[i] *= shape.scale();
      max = Math.max(max, weights[i]);
    }
    double sum = 0;
    double[] out = new double[d];
    for (int i = 0; i < weights.length; i++) {
      double weight = Math.exp(weights[i] - max);
      sum += weight;
      int v = (first + i) * shape.stride() + (shape.heads() + shape.kvHeads() + kv) * d;
      for (int e = 0; e < d; e++) {
        out[e] += weight * qkv[v + e];
      }
    }
    for (int e = 0; e < d; e++) {
      out[e] /= sum;
    }
    return out;
  }

  /** Norm and rotation of three tokens, q against f64 and k as the F32 cache keeps it. */
  void rotate(int pairs, boolean halves) {
    int d = shape.dim();
    float[] gain = KernelTruth.gaussian(new SplittableRandom(4), d, 1);
    float[] table = new float[2 * tokens * pairs];
    for (int i = 0; i < tokens * pairs; i++) {
      double angle = i / pairs * Math.pow(10000, -(double) (i % pairs) / pairs);
      table[2 * i] = (float) (1.3 * Math.cos(angle));
      table[2 * i + 1] = (float) (1.3 * Math.sin(angle));
    }
    int from = 34;
    int rows = 3;
    long q = machine.allocate(4 * rows * shape.heads() * d);
    ropeKv(q, machine.upload(gain), machine.upload(table), pairs, halves ? 1 : 0, rows, from);
    for (int t = 0; t < rows; t++) {
      int position = from + t;
      for (int h = 0; h < shape.heads() + shape.kvHeads(); h++) {
        double[] expected = rotated(position, h, gain, table, pairs, halves);
        long at = q + 4L * (t * shape.heads() + h) * d;
        if (h >= shape.heads()) {
          // Block 1 of the second sequence.
          long tile = (MAX_BLOCKS - 2L) * shape.kvHeads() + h - shape.heads();
          at = keys + tile * shape.tileBytes() + 4L * (position % 32) * shape.padded();
        }
        KernelTruth.assertClose("head " + h, expected, machine.floats(at, d), 1e-6, 0);
      }
    }
  }

  private double[] rotated(
      int position, int head, float[] gain, float[] table, int pairs, boolean halves) {
    int d = shape.dim();
    double[] x = new double[d];
    double squares = 0;
    for (int e = 0; e < d; e++) {
      x[e] = qkv[position * shape.stride() + head * d + e];
      squares += x[e] * x[e];
    }
    for (int e = 0; e < d; e++) {
      x[e] *= gain[e] / Math.sqrt(squares / d + EPS);
    }
    for (int i = 0; i < pairs; i++) {
      int a = halves ? i : 2 * i;
      int b = halves ? i + pairs : 2 * i + 1;
      double cos = table[2 * (position * pairs + i)];
      double sin = table[2 * (position * pairs + i) + 1];
      double turned = x[a] * cos - x[b] * sin;
      x[b] = x[a] * sin + x[b] * cos;
      x[a] = turned;
    }
    return x;
  }
}
