package io.solebox.testkit;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/**
 * One attention op with its inputs: q, k and v are rows of embedding tables, so that the token id
 * alone says what they are.
 */
final class AttentionCase {
  final AttentionShape shape;
  final double[][] q;
  final double[][][] keys; // [key and value head][token][D]
  final double[][][] values; // [key and value head][token][Dv]
  final double[] sinks;
  final double[] slopes;
  final Graph graph;

  /** Keys and values that every cache type holds exactly. */
  AttentionCase(Arena arena, int tokens, AttentionShape shape) {
    this(arena, tokens, shape, exactValues());
  }

  AttentionCase(Arena arena, int tokens, AttentionShape shape, DoubleSupplier keysAndValues) {
    this(arena, tokens, shape, keysAndValues, new double[0], new double[0]);
  }

  /**
   * @param sinks one per head; an empty one is none
   * @param slopes one per head, f32 numbers; an empty one is none
   */
  AttentionCase(
      Arena arena,
      int tokens,
      AttentionShape shape,
      DoubleSupplier keysAndValues,
      double[] sinks,
      double[] slopes) {
    this.shape = shape;
    this.sinks = sinks.clone();
    this.slopes = slopes.clone();
    var random = new RandomTensors(arena, new SplittableRandom(shape.headDim()));
    Weight qs = random.gaussian("q", tokens, shape.numHeads() * shape.headDim(), 2);
    Weight ks = random.floats("k", tokens, shape.numKvHeads() * shape.headDim(), keysAndValues);
    q = RandomTensors.values(qs);
    keys = heads(ks, shape.headDim());
    var b = new GraphBuilder();
    Value out;
    if (shape.latent()) {
      values = heads(ks, shape.valueDim());
      out = b.latentAttention(b.embed(qs), b.embed(ks), shape, perHead(arena));
    } else {
      Weight vs = random.floats("v", tokens, shape.numKvHeads() * shape.valueDim(), keysAndValues);
      values = heads(vs, shape.valueDim());
      var keep = b.keysAndValues(shape);
      out = b.attention(b.embed(qs), b.embed(ks), b.embed(vs), shape, keep, perHead(arena));
    }
    Value rows = b.selectRows(out);
    graph = b.build(rows, rows);
  }

  private Op.PerHead perHead(Arena arena) {
    return new Op.PerHead(weight(arena, "sinks", sinks), weight(arena, "slopes", slopes));
  }

  private static Optional<Weight> weight(Arena arena, String name, double[] values) {
    if (values.length == 0) {
      return Optional.empty();
    }
    var next = Arrays.stream(values).iterator();
    var tensors = new RandomTensors(arena, new SplittableRandom(1));
    return Optional.of(tensors.floats(name, 1, values.length, next::nextDouble));
  }

  /** Multiples of 1/64 up to 127/64, and in every 32 the largest: f16 and Q8_0 keep each bit. */
  static DoubleSupplier exactValues() {
    var random = new SplittableRandom(11);
    var count = new AtomicInteger();
    return () ->
        count.getAndIncrement() % 32 == 5 ? 127 / 64.0 : (random.nextInt(255) - 127) / 64.0;
  }

  /** Blocks in no order at all, so that nobody relies on one. */
  static int[][] shuffledTables(int sequences, int tokens) {
    int each = KvBlocks.forTokens(tokens);
    int[] all = IntStream.range(0, sequences * each).toArray();
    var random = new SplittableRandom(3);
    for (int i = all.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = all[i];
      all[i] = all[j];
      all[j] = swap;
    }
    int[][] tables = new int[sequences][];
    for (int s = 0; s < sequences; s++) {
      tables[s] = Arrays.copyOfRange(all, s * each, s * each + each);
    }
    return tables;
  }

  /** Of the result. */
  int width() {
    return shape.numHeads() * shape.valueDim();
  }

  /** Checks a token's result, head by head; {@code ids} are its sequence up to itself. */
  void check(String what, int[] ids, float[] actual, double tolerance) {
    check(what, ids, ids.length - 1, actual, tolerance);
  }

  /** The same of a token in the middle of its sequence, for masks that see ahead. */
  void check(String what, int[] ids, int position, float[] actual, double tolerance) {
    int d = shape.headDim();
    int dv = shape.valueDim();
    for (int head = 0; head < shape.numHeads(); head++) {
      int kv = head / (shape.numHeads() / shape.numKvHeads());
      double[] query = Arrays.copyOfRange(q[ids[position]], head * d, head * d + d);
      OptionalDouble sink =
          sinks.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sinks[head]);
      double slope = slopes.length == 0 ? 0 : slopes[head];
      double[] expected =
          Truth.attention(
              query,
              rows(keys[kv], ids),
              rows(values[kv], ids),
              position,
              ids.length - 1,
              shape,
              sink,
              slope);
      float[] got = Arrays.copyOfRange(actual, head * dv, head * dv + dv);
      // Averages of many values are small; a single value's norm is the measure then.
      double scale = Math.max(Truth.norm(expected), 0.1 * Math.sqrt(dv));
      String place = what + ", position " + position + ", head " + head;
      Truth.assertClose(place, expected, got, tolerance, scale);
    }
  }

  /** The first {@code width} elements of each head's part. */
  private double[][][] heads(Weight table, int width) {
    double[][] rows = RandomTensors.values(table);
    double[][][] heads = new double[shape.numKvHeads()][][];
    int stride = table.cols() / heads.length;
    for (int h = 0; h < heads.length; h++) {
      heads[h] = Truth.parts(rows, h * stride, width);
    }
    return heads;
  }

  private static double[][] rows(double[][] table, int[] ids) {
    double[][] rows = new double[ids.length][];
    for (int i = 0; i < ids.length; i++) {
      rows[i] = table[ids[i]];
    }
    return rows;
  }

  void checkAll(String what, int[] ids, int from, float[][] actual, int row, double tolerance) {
    for (int i = from; i < ids.length; i++) {
      check(what, Arrays.copyOf(ids, i + 1), actual[row + i - from], tolerance);
    }
  }

  /** A prompt in two steps, and single tokens after it. */
  void checkSteps(BackendUnderTest backends, int n, int prompt, KvType kvType, double bound) {
    int[] ids = IntStream.range(0, n).map(i -> n - 1 - i).toArray();
    int[] table = shuffledTables(1, n)[0];
    var limits = GraphRunner.limits(n, n, 1, kvType);
    try (Backend backend = backends.open(2);
        var runner = new GraphRunner(backend, graph, limits, width())) {
      float[][] all = new float[n][];
      for (int at = 0; at < n; ) {
        int to = at < prompt ? Math.min(prompt, at + Math.max(1, prompt - 20)) : at + 1;
        float[][] rows = runner.logits(Piece.of(ids, at, to, table));
        System.arraycopy(rows, 0, all, at, to - at);
        at = to;
      }
      checkAll(kvType + " " + shape.mask(), ids, 0, all, 0, bound);
    }
  }

  /** A sequence in steps of equal size, beside one that writes other keys into other blocks. */
  float[][] inSteps(BackendUnderTest backends, int n, KvType kvType, int threads, int step) {
    float[][] out = new float[n][];
    int[] ids = IntStream.range(0, n).toArray();
    int[][] tables = shuffledTables(2, n);
    var limits = GraphRunner.limits(n + 2, n, 2, kvType);
    try (Backend backend = backends.open(threads);
        var runner = new GraphRunner(backend, graph, limits, width())) {
      for (int at = 0; at < n; at += step) {
        int to = Math.min(n, at + step);
        Piece other = Piece.of(ids, 0, 2, tables[1]);
        float[][] rows = runner.logits(other, Piece.of(ids, at, to, tables[0]));
        System.arraycopy(rows, 2, out, at, to - at);
      }
    }
    return out;
  }
}
