package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.StateOp.Sharing;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What remembers a sequence in a state: the gated delta rule and the selective scan. */
public interface StateConformance extends BackendUnderTest {
  int POSITIONS = 70;

  /**
   * A graph of one such op.
   *
   * @param truth of a sequence of ids, a row for each position
   */
  record Case(Graph graph, int width, Function<int[], double[][]> truth) {}

  private static Weight vector(Arena arena, String name, int n, double from, double to) {
    var random = new SplittableRandom(name.hashCode());
    return new RandomTensors(arena, random)
        .floats(name, 1, n, () -> from + (to - from) * random.nextDouble());
  }

  /** A table whose rows of {@code width} have a norm of about one. */
  private static Weight unit(Arena arena, String name, int width, int dim) {
    return new RandomTensors(arena, new SplittableRandom(name.hashCode()))
        .gaussian(name, 300, width, 1 / Math.sqrt(dim));
  }

  private static Case delta(
      Arena arena, int heads, int keyHeads, int keyDim, int valueDim, Sharing sharing) {
    Weight q = unit(arena, "q", keyHeads * keyDim, keyDim);
    Weight k = unit(arena, "k", keyHeads * keyDim, keyDim);
    Weight v = TokenTables.table(arena, "v", heads * valueDim);
    Weight a = TokenTables.table(arena, "a", heads);
    Weight beta = TokenTables.table(arena, "b", heads);
    Weight bias = vector(arena, "bias", heads, -1, 1);
    Weight rate = vector(arena, "rate", heads, -2, -0.01);
    var b = new GraphBuilder();
    Value out =
        b.gatedDelta(
            b.embed(q),
            b.embed(k),
            b.embed(v),
            b.embed(a),
            b.embed(beta),
            bias,
            rate,
            keyDim,
            sharing);
    Graph graph = graph(b, out);
    var op = op(graph, StateOp.GatedDelta.class);
    return new Case(
        graph,
        out.width(),
        ids ->
            StateTruth.gatedDelta(
                op,
                new StateTruth.Delta(
                    TokenTables.rows(q, ids),
                    TokenTables.rows(k, ids),
                    TokenTables.rows(v, ids),
                    TokenTables.rows(a, ids),
                    TokenTables.rows(beta, ids)),
                RandomTensors.values(bias)[0],
                RandomTensors.values(rate)[0]));
  }

  private static Case scan(Arena arena, int heads, int groups, int headDim, int stateDim) {
    Weight x = TokenTables.table(arena, "x", heads * headDim);
    Weight in = unit(arena, "b", groups * stateDim, stateDim);
    Weight c = unit(arena, "c", groups * stateDim, stateDim);
    Weight dt = TokenTables.table(arena, "dt", heads);
    Weight bias = vector(arena, "bias", heads, -3, 1);
    Weight rate = vector(arena, "rate", heads, -4, -0.1);
    Weight skip = vector(arena, "skip", heads, -1, 1);
    var b = new GraphBuilder();
    Value out =
        b.selectiveScan(
            b.embed(x), b.embed(in), b.embed(c), b.embed(dt), bias, rate, skip, stateDim);
    Graph graph = graph(b, out);
    var op = op(graph, StateOp.SelectiveScan.class);
    return new Case(
        graph,
        out.width(),
        ids ->
            StateTruth.selectiveScan(
                op,
                new StateTruth.Scan(
                    TokenTables.rows(x, ids),
                    TokenTables.rows(in, ids),
                    TokenTables.rows(c, ids),
                    TokenTables.rows(dt, ids)),
                RandomTensors.values(bias)[0],
                RandomTensors.values(rate)[0],
                RandomTensors.values(skip)[0]));
  }

  private static Graph graph(GraphBuilder b, Value out) {
    Value rows = b.selectRows(out);
    return b.build(rows, rows);
  }

  private static <T extends StateOp> T op(Graph graph, Class<T> kind) {
    return graph.ops().stream().filter(kind::isInstance).map(kind::cast).findFirst().orElseThrow();
  }

  /** Two sequences in chunks of all sizes, in slots of any order, and a slot used again. */
  private void check(Case test) {
    int n = POSITIONS;
    var limits = GraphRunner.limits(2 * n, 3 * n, 3, KvType.F32);
    try (Backend backend = open(2);
        var runner = new GraphRunner(backend, test.graph(), limits, test.width())) {
      int[][] ids = {TokenTables.ids(n, 4), TokenTables.ids(n, 5)};
      double[][][] expected = {test.truth().apply(ids[0]), test.truth().apply(ids[1])};
      int at = 0;
      for (int step : new int[] {1, 3, 1, 2, 20, 1, 1, 41}) {
        int to = Math.min(n, at + step);
        float[][] both =
            runner.logits(
                Piece.of(ids[0], at, to, new int[0], 2), Piece.of(ids[1], at, to, new int[0], 0));
        for (int i = 0; i < 2 * (to - at); i++) {
          int s = i / (to - at);
          close("sequence " + s, expected[s], at + i % (to - at), both[i]);
        }
        at = to;
      }
      float[][] again = runner.logits(Piece.of(ids[1], 0, 9, new int[0], 2));
      for (int p = 0; p < 9; p++) {
        close("a used slot", expected[1], p, again[p]);
      }
    }
  }

  private void close(String what, double[][] expected, int position, float[] actual) {
    double[] row = expected[position];
    double scale = Math.max(Truth.norm(row), 0.1 * Math.sqrt(row.length));
    // What a state has been rounded by stays in it for some tokens.
    Truth.assertClose(what + ", position " + position, row, actual, 3 * tolerance(), scale);
  }

  @ParameterizedTest
  @EnumSource(Sharing.class)
  default void gatedDeltaEqualsTruth(Sharing sharing) {
    try (Arena arena = Arena.ofShared()) {
      check(delta(arena, 4, 2, 16, 24, sharing));
      check(delta(arena, 3, 1, 33, 7, sharing));
      check(delta(arena, 6, 3, 4, 5, sharing));
      check(delta(arena, 2, 2, 128, 128, sharing));
    }
  }

  @ParameterizedTest
  @CsvSource({"4, 2, 8, 16", "3, 1, 5, 7", "4, 4, 64, 33", "2, 1, 64, 128", "8, 1, 1, 16"})
  default void selectiveScanEqualsTruth(int heads, int groups, int headDim, int stateDim) {
    try (Arena arena = Arena.ofShared()) {
      check(scan(arena, heads, groups, headDim, stateDim));
    }
  }

  /** To the bit, however a sequence is cut into steps. */
  @Test
  default void statesDoNotDependOnSteps() {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    try (Arena arena = Arena.ofShared()) {
      List<Case> cases =
          List.of(
              delta(arena, 4, 2, 24, 16, Sharing.NEIGHBOURS),
              delta(arena, 6, 2, 33, 7, Sharing.BY_TURNS),
              scan(arena, 4, 2, 8, 24));
      for (Case test : cases) {
        float[][] whole = inSteps(test, POSITIONS, 1);
        for (int step : new int[] {1, 7, 33}) {
          float[][] steps = inSteps(test, step, 3);
          for (int t = 0; t < POSITIONS; t++) {
            assertArrayEquals(whole[t], steps[t], "steps of " + step + ", token " + t);
          }
        }
      }
    }
  }

  private float[][] inSteps(Case test, int step, int threads) {
    int n = POSITIONS;
    float[][] out = new float[n][];
    int[] ids = TokenTables.ids(n, 6);
    int[] other = TokenTables.ids(2, 7);
    var limits = GraphRunner.limits(n + 2, n, 2, KvType.F32);
    try (Backend backend = open(threads);
        var runner = new GraphRunner(backend, test.graph(), limits, test.width())) {
      for (int at = 0; at < n; at += step) {
        int to = Math.min(n, at + step);
        Piece neighbour = Piece.of(other, 0, 2, new int[0], 1);
        float[][] rows = runner.logits(neighbour, Piece.of(ids, at, to, new int[0], 0));
        System.arraycopy(rows, 2, out, at, to - at);
      }
    }
    return out;
  }
}
