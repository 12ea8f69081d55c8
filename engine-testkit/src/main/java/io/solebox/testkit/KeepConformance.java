package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.cache.SequenceMemory;
import io.solebox.engine.cache.SequencePools;
import io.solebox.engine.cache.StateSlots;
import io.solebox.engine.graph.AttentionShape;
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
import org.junit.jupiter.api.Test;

/** Keys and values that a sequence keeps from step to step, where ops share or lose them. */
public interface KeepConformance extends BackendUnderTest {
  int HEADS = 4;
  int KV_HEADS = 2;
  int DIM = 32;
  Mask WINDOW = new Mask.SlidingWindow(40);

  private static AttentionShape shape(Mask mask) {
    float scale = (float) (1 / Math.sqrt(DIM));
    return new AttentionShape(HEADS, KV_HEADS, DIM, scale, mask);
  }

  private static double[] truth(Weight q, Weight k, Weight v, int[] ids, int position, Mask mask) {
    double[][] keys = TokenTables.rows(k, ids);
    double[][] values = TokenTables.rows(v, ids);
    double[] queries = TokenTables.rows(q, ids)[position];
    double[] out = new double[HEADS * DIM];
    for (int head = 0; head < HEADS; head++) {
      double[] query = Arrays.copyOfRange(queries, head * DIM, (head + 1) * DIM);
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
      Weight q1 = TokenTables.table(arena, "q1", HEADS * DIM);
      Weight q2 = TokenTables.table(arena, "q2", HEADS * DIM);
      Weight k = TokenTables.table(arena, "k", KV_HEADS * DIM);
      Weight v = TokenTables.table(arena, "v", KV_HEADS * DIM);
      var shape = shape(new Mask.Causal());
      var b = new GraphBuilder();
      Keep.Paged keep = b.keysAndValues(shape);
      Value first = b.attention(b.embed(q1), b.embed(k), b.embed(v), shape, keep);
      Value second = b.sharedAttention(b.embed(q2), shape, keep);
      Value rows = b.selectRows(b.add("sum", first, second));
      Graph graph = b.build(rows, rows);
      assertEquals(1, graph.keeps().size());
      int[] ids = TokenTables.ids(n, 1);
      var limits = GraphRunner.limits(n, n, 1, KvType.F32);
      try (var runner = new GraphRunner(backend, graph, limits, HEADS * DIM)) {
        int[] blocks = {3, 0, 2, 1};
        float[][] prompt = runner.logits(Piece.of(ids, 0, 60, blocks));
        float[][] rest = runner.logits(Piece.of(ids, 60, n, blocks));
        for (int p = 0; p < n; p++) {
          double[] one = truth(q1, k, v, ids, p, shape.mask());
          double[] two = truth(q2, k, v, ids, p, shape.mask());
          double[] expected = new double[one.length];
          Arrays.setAll(expected, i -> one[i] + two[i]);
          float[] actual = p < 60 ? prompt[p] : rest[p - 60];
          Truth.assertClose("position " + p, expected, actual, tolerance());
        }
      }
    }
  }

  /**
   * Two layers that see all and one with a window: the window's blocks are given back as the
   * sequence grows, and others write to them, and nobody notices.
   */
  @Test
  default void blocksThatSlideOutOfAWindowMayBeWrittenByOthers() {
    int n = 260;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight q = TokenTables.table(arena, "q", HEADS * DIM);
      Weight k = TokenTables.table(arena, "k", KV_HEADS * DIM);
      Weight v = TokenTables.table(arena, "v", KV_HEADS * DIM);
      var b = new GraphBuilder();
      Value wide = b.attention(b.embed(q), b.embed(k), b.embed(v), shape(new Mask.Causal()));
      Value narrow = b.attention(b.embed(q), b.embed(k), b.embed(v), shape(WINDOW));
      Value rows = b.selectRows(b.add("sum", wide, narrow));
      Graph graph = b.build(rows, rows);
      assertEquals(2, graph.groups().size());
      var limits = GraphRunner.limits(20, n, 2, KvType.F32);
      try (var runner = new GraphRunner(backend, graph, limits, HEADS * DIM)) {
        // The pool of the window has 2 * (ceil((40 + 20) / 32) + 1) blocks: less than one sequence.
        assertEquals(List.of(18, 6), runner.plan().kvBlocks());
        var pools =
            new SequencePools(
                graph, runner.plan().kvBlocks(), StateSlots.of(runner.plan(), limits), 20);
        SequenceMemory[] memory = {pools.newSequence(), pools.newSequence()};
        int[][] ids = {TokenTables.ids(n, 2), TokenTables.ids(n, 3)};
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

  /** Both sequences take as many tokens more. */
  private void checkTurn(
      GraphRunner runner,
      SequenceMemory[] memory,
      int[][] ids,
      int at,
      int step,
      Weight q,
      Weight k,
      Weight v) {
    runner.run(turn(runner, memory, ids, at, step));
    for (int s = 0; s < 2; s++) {
      for (int i = 0; i < step; i++) {
        int p = at + i;
        double[] wide = truth(q, k, v, ids[s], p, new Mask.Causal());
        double[] narrow = truth(q, k, v, ids[s], p, WINDOW);
        double[] expected = new double[wide.length];
        Arrays.setAll(expected, e -> wide[e] + narrow[e]);
        float[] actual = runner.dense(s * step + i, HEADS * DIM);
        Truth.assertClose("sequence " + s + ", position " + p, expected, actual, tolerance());
      }
      memory[s].advance(ids[s], at + step);
    }
  }

  private static Batch turn(
      GraphRunner runner, SequenceMemory[] memory, int[][] ids, int at, int step) {
    for (SequenceMemory m : memory) {
      assertTrue(m.grow(at + step), "room for " + (at + step));
    }
    Batch batch =
        runner.batch(
            List.of(
                Piece.of(ids[0], at, at + step, new int[0]),
                Piece.of(ids[1], at, at + step, new int[0])),
            GraphRunner.logitsOfAll(2 * step));
    return new Batch(
        batch.tokens(),
        batch.positions(),
        batch.sequenceOf(),
        List.of(memory[0].view(), memory[1].view()),
        batch.rows(),
        batch.input());
  }

  /** A graph without logits, which gives a row per sequence. */
  @Test
  default void meansAreOverTheTokensOfASequence() {
    int width = 77;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight x = TokenTables.table(arena, "x", width);
      var b = new GraphBuilder();
      Value rows = b.meanRows(b.embed(x));
      var limits = GraphRunner.limits(64, 64, 3, KvType.F32);
      try (var runner = new GraphRunner(backend, b.build(rows), limits, width)) {
        int[][] ids = {TokenTables.ids(40, 6), TokenTables.ids(1, 7), TokenTables.ids(5, 8)};
        float[][] means =
            runner.hidden(
                new Piece(ids[0], 0, new int[0]),
                new Piece(ids[1], 0, new int[0]),
                new Piece(ids[2], 0, new int[0]));
        for (int s = 0; s < 3; s++) {
          double[] expected = Truth.mean(TokenTables.rows(x, ids[s]));
          Truth.assertClose("sequence " + s, expected, means[s], tolerance());
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
      Weight q = TokenTables.table(arena, "q", HEADS * DIM);
      Weight k = TokenTables.table(arena, "k", KV_HEADS * DIM);
      var b = new GraphBuilder();
      Value x = b.attention(b.embed(q), b.embed(k), b.embed(k), shape(new Mask.Causal()));
      Value rows = b.selectRows(x);
      Limits limits = GraphRunner.limits(40, 64, 1, KvType.F16);
      try (var runner = new GraphRunner(backend, b.build(rows, rows), limits, HEADS * DIM)) {
        for (int[] blocks : new int[][] {{0, 2}, {-1, 0}, {0}}) {
          var batch =
              runner.batch(List.of(new Piece(TokenTables.ids(40, 9), 0, blocks)), List.of());
          assertThrows(IllegalArgumentException.class, () -> runner.run(batch));
        }
        var good =
            runner.batch(
                List.of(new Piece(TokenTables.ids(40, 9), 0, new int[] {1, 0})),
                List.of(new RowRequest.Logits(39)));
        runner.run(good);
      }
    }
  }
}
