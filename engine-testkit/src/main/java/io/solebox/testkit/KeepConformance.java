package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.cache.SequenceMemory;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Keep;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a sequence keeps from step to step: a tiny graph for each kind. */
public interface KeepConformance extends BackendUnderTest {
  int IDS = 300;
  int HEADS = 4;
  int KV_HEADS = 2;
  int DIM = 32;

  private static GraphBuilder.AttentionShape shape(Mask mask) {
    float scale = (float) (1 / Math.sqrt(DIM));
    return new GraphBuilder.AttentionShape(HEADS, KV_HEADS, DIM, scale, mask);
  }

  /** Tables of which the token id picks a row, so that it alone says what an op reads. */
  private static Weight table(Arena arena, String name, int width) {
    var random = new RandomTensors(arena, new SplittableRandom(name.hashCode()));
    return random.gaussian(name, IDS, width, 1);
  }

  private static int[] ids(int n, int seed) {
    return new SplittableRandom(seed).ints(n, 0, IDS).toArray();
  }

  private static double[] attention(
      double[][] q, double[][] k, double[][] v, int[] ids, int position, Mask mask) {
    double[][] keys = Arrays.stream(ids).mapToObj(id -> k[id]).toArray(double[][]::new);
    double[][] values = Arrays.stream(ids).mapToObj(id -> v[id]).toArray(double[][]::new);
    double[] out = new double[HEADS * DIM];
    for (int head = 0; head < HEADS; head++) {
      double[] query = Arrays.copyOfRange(q[ids[position]], head * DIM, (head + 1) * DIM);
      int kv = head / (HEADS / KV_HEADS) * DIM;
      float scale = (float) (1 / Math.sqrt(DIM));
      double[] result = Truth.attention(query, keys, values, kv, position, position, scale, mask);
      System.arraycopy(result, 0, out, head * DIM, DIM);
    }
    return out;
  }

  /** The second layer attends with queries of its own to what the first has stored. */
  @Test
  default void layersMayShareKeysAndValues() {
    int n = 100;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight q1 = table(arena, "q1", HEADS * DIM);
      Weight q2 = table(arena, "q2", HEADS * DIM);
      Weight k = table(arena, "k", KV_HEADS * DIM);
      Weight v = table(arena, "v", KV_HEADS * DIM);
      var shape = shape(new Mask.Causal());
      var b = new GraphBuilder();
      Keep.Paged keep = b.keysAndValues(shape);
      Value first = b.attention(b.embed(q1), b.embed(k), b.embed(v), shape, keep);
      Value second = b.sharedAttention(b.embed(q2), shape, keep);
      Value rows = b.selectRows(b.add("sum", first, second));
      Graph graph = b.build(rows, rows);
      assertEquals(1, graph.keeps().size());
      int[] ids = ids(n, 1);
      var limits = GraphRunner.limits(n, n, 1, KvType.F32);
      try (var runner = new GraphRunner(backend, graph, limits, HEADS * DIM)) {
        int[] blocks = {3, 0, 2, 1};
        float[][] prompt = runner.logits(Piece.of(ids, 0, 60, blocks));
        float[][] rest = runner.logits(Piece.of(ids, 60, n, blocks));
        for (int p = 0; p < n; p++) {
          double[] one = sharedTruth(q1, k, v, ids, p);
          double[] two = sharedTruth(q2, k, v, ids, p);
          double[] expected = new double[one.length];
          Arrays.setAll(expected, i -> one[i] + two[i]);
          float[] actual = p < 60 ? prompt[p] : rest[p - 60];
          Truth.assertClose("position " + p, expected, actual, tolerance());
        }
      }
    }
  }

  private static double[] sharedTruth(Weight q, Weight k, Weight v, int[] ids, int position) {
    return attention(
        RandomTensors.values(q),
        RandomTensors.values(k),
        RandomTensors.values(v),
        ids,
        position,
        new Mask.Causal());
  }

  /**
   * Two layers that see all and one with a window: the window's blocks are given back as the
   * sequence grows, and others write to them, and nobody notices.
   */
  @Test
  default void blocksThatSlideOutOfAWindowMayBeWrittenByOthers() {
    int n = 260;
    Mask window = new Mask.SlidingWindow(40);
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight q = table(arena, "q", HEADS * DIM);
      Weight k = table(arena, "k", KV_HEADS * DIM);
      Weight v = table(arena, "v", KV_HEADS * DIM);
      var b = new GraphBuilder();
      Value wide = b.attention(b.embed(q), b.embed(k), b.embed(v), shape(new Mask.Causal()));
      Value narrow = b.attention(b.embed(q), b.embed(k), b.embed(v), shape(window));
      Value rows = b.selectRows(b.add("sum", wide, narrow));
      Graph graph = b.build(rows, rows);
      assertEquals(2, graph.groups().size());
      var limits = GraphRunner.limits(20, n, 2, KvType.F32);
      try (var runner = new GraphRunner(backend, graph, limits, HEADS * DIM)) {
        // The pool of the window has 2 * (ceil((40 + 20) / 32) + 1) blocks: less than one sequence.
        assertEquals(List.of(18, 6), runner.plan().kvBlocks());
        var pools = new SequencePools(graph, runner.plan().kvBlocks(), 0, 20);
        SequenceMemory[] memory = {pools.newSequence(), pools.newSequence()};
        int[][] ids = {ids(n, 2), ids(n, 3)};
        for (int at = 0, step = 1; at < n; at += step) {
          step = Math.min(n - at, 1 + (at * 7) % 10);
          checkTurn(runner, memory, ids, at, step, q, k, v);
        }
        assertTrue(memory[0].blocks() <= 9 + 3, "blocks held: " + memory[0].blocks());
        memory[0].release();
        memory[1].release();
        assertEquals(0, pools.used());
      }
    }
  }

  private void checkTurn(
      GraphRunner runner,
      SequenceMemory[] memory,
      int[][] ids,
      int at,
      int step,
      Weight q,
      Weight k,
      Weight v) {
    for (SequenceMemory m : memory) {
      assertTrue(m.grow(at + step), "room for " + (at + step));
    }
    var batch =
        runner.batch(
            List.of(
                Piece.of(ids[0], at, at + step, new int[0]),
                Piece.of(ids[1], at, at + step, new int[0])),
            GraphRunner.logitsOfAll(2 * step));
    batch =
        new Batch(
            batch.tokens(),
            batch.positions(),
            batch.sequenceOf(),
            List.of(memory[0].view(), memory[1].view()),
            batch.rows(),
            batch.input());
    runner.run(batch);
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < step; i++) {
        int p = at + i;
        double[] wide = sharedTruth(q, k, v, ids[s], p);
        double[] narrow =
            attention(
                RandomTensors.values(q),
                RandomTensors.values(k),
                RandomTensors.values(v),
                ids[s],
                p,
                new Mask.SlidingWindow(40));
        double[] expected = new double[wide.length];
        Arrays.setAll(expected, e -> wide[e] + narrow[e]);
        float[] actual = runner.dense(s * step + i, HEADS * DIM);
        Truth.assertClose("sequence " + s + ", position " + p, expected, actual, tolerance());
      }
      memory[s].advance(ids[s], at + step);
    }
  }

  @ParameterizedTest
  @CsvSource({"48, 4, true", "33, 2, false", "8, 7, true", "5, 1, false"})
  default void shortConvolutionEqualsTruth(int width, int taps, boolean withBias) {
    int n = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight x = table(arena, "x", width);
      var random = new RandomTensors(arena, new SplittableRandom(width));
      Weight kernel = random.gaussian("kernel", width, taps, 1);
      Optional<Weight> bias =
          withBias ? Optional.of(random.gaussian("bias", 1, width, 1)) : Optional.empty();
      var b = new GraphBuilder();
      Value rows = b.selectRows(b.shortConv("conv", b.embed(x), kernel, bias));
      Graph graph = b.build(rows, rows);
      var limits = GraphRunner.limits(n, 3 * n, 3, KvType.F32);
      try (var runner = new GraphRunner(backend, graph, limits, width)) {
        assertEquals(3, runner.plan().slots());
        int[][] ids = {ids(n, 4), ids(n, 5)};
        // Chunks of all sizes beside single tokens of another sequence, in slots of any order.
        int a = 0;
        for (int step : new int[] {1, 3, 1, 2, 20, 1, 1, 30}) {
          int to = Math.min(n, a + step);
          float[][] both =
              runner.logits(
                  Piece.of(ids[0], a, to, new int[0], 2), Piece.of(ids[1], a, to, new int[0], 0));
          for (int i = 0; i < 2 * (to - a); i++) {
            int s = i / (to - a);
            int p = a + i % (to - a);
            check("sequence " + s, x, kernel, bias, ids[s], p, both[i]);
          }
          a = to;
        }
        // A new sequence in a used slot knows nothing of the one before.
        float[][] again = runner.logits(Piece.of(ids[1], 0, 9, new int[0], 2));
        for (int p = 0; p < 9; p++) {
          check("a used slot", x, kernel, bias, ids[1], p, again[p]);
        }
      }
    }
  }

  private void check(
      String what,
      Weight x,
      Weight kernel,
      Optional<Weight> bias,
      int[] ids,
      int position,
      float[] actual) {
    double[][] table = RandomTensors.values(x);
    double[][] inputs = Arrays.stream(ids).mapToObj(id -> table[id]).toArray(double[][]::new);
    double[] expected =
        Truth.shortConv(
            inputs,
            position,
            RandomTensors.values(kernel),
            bias.map(w -> RandomTensors.values(w)[0]).orElse(new double[0]));
    double scale = Math.max(Truth.norm(expected), 0.1 * Math.sqrt(expected.length));
    Truth.assertClose(what + ", position " + position, expected, actual, tolerance(), scale);
  }

  /** A graph without logits, which gives a row per sequence. */
  @Test
  default void meansAreOverTheTokensOfASequence() {
    int width = 77;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight x = table(arena, "x", width);
      var b = new GraphBuilder();
      Value rows = b.meanRows(b.embed(x));
      var limits = GraphRunner.limits(64, 64, 3, KvType.F32);
      try (var runner = new GraphRunner(backend, b.build(rows), limits, width)) {
        int[][] ids = {ids(40, 6), ids(1, 7), ids(5, 8)};
        float[][] means =
            runner.hidden(
                new Piece(ids[0], 0, new int[0]),
                new Piece(ids[1], 0, new int[0]),
                new Piece(ids[2], 0, new int[0]));
        double[][] table = RandomTensors.values(x);
        for (int s = 0; s < 3; s++) {
          double[][] of = Arrays.stream(ids[s]).mapToObj(id -> table[id]).toArray(double[][]::new);
          Truth.assertClose("sequence " + s, Truth.mean(of), means[s], tolerance());
        }
        var logits =
            runner.batch(List.of(new Piece(ids[1], 0, new int[0])), GraphRunner.logitsOfAll(1));
        assertThrows(IllegalArgumentException.class, () -> runner.run(logits));
      }
    }
  }

  /** What a batch says of memory is held to what there is, before anything is computed. */
  @Test
  default void aBatchThatReachesBeyondItsMemoryIsRefused() {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight q = table(arena, "q", HEADS * DIM);
      Weight k = table(arena, "k", KV_HEADS * DIM);
      var b = new GraphBuilder();
      Value x = b.attention(b.embed(q), b.embed(k), b.embed(k), shape(new Mask.Causal()));
      Value rows = b.selectRows(x);
      Limits limits = GraphRunner.limits(40, 64, 1, KvType.F16);
      try (var runner = new GraphRunner(backend, b.build(rows, rows), limits, HEADS * DIM)) {
        for (int[] blocks : new int[][] {{0, 2}, {-1, 0}, {0}}) {
          var batch = runner.batch(List.of(new Piece(ids(40, 9), 0, blocks)), List.of());
          assertThrows(IllegalArgumentException.class, () -> runner.run(batch));
        }
        var good =
            runner.batch(
                List.of(new Piece(ids(40, 9), 0, new int[] {1, 0})),
                List.of(new RowRequest.Logits(39)));
        runner.run(good);
      }
    }
  }

  /** Recurrent state counts in the estimate, a place for each sequence. */
  @Test
  default void recurrentStateIsEstimated() {
    try (Backend backend = open(1);
        Arena arena = Arena.ofShared()) {
      Weight x = table(arena, "x", 64);
      var random = new RandomTensors(arena, new SplittableRandom(1));
      var b = new GraphBuilder();
      Weight kernel = random.gaussian("kernel", 64, 4, 1);
      Value rows = b.selectRows(b.shortConv("conv", b.embed(x), kernel, Optional.empty()));
      Graph graph = b.build(rows, rows);
      Limits limits = GraphRunner.limits(8, 64, 5, KvType.F16);
      assertTrue(backend.estimate(graph, limits).sequenceBytes() >= 64 * 3 * Float.BYTES);
      try (var plan = backend.prepare(graph, limits, Progress.none())) {
        assertEquals(5, plan.slots());
        assertArrayEquals(new int[0], plan.kvBlocks().stream().mapToInt(i -> i).toArray());
      }
    }
  }
}
