package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Recurrent state: a place for each sequence, and what is in it after steps of all sizes. */
public interface SlotConformance extends BackendUnderTest {
  @ParameterizedTest
  @CsvSource({"48, 4, true", "33, 2, false", "8, 7, true", "5, 1, false"})
  default void shortConvolutionEqualsTruth(int width, int taps, boolean withBias) {
    int n = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      Weight x = TokenTables.table(arena, "x", width);
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
        int[][] ids = {TokenTables.ids(n, 4), TokenTables.ids(n, 5)};
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
    double[] expected =
        Truth.shortConv(
            TokenTables.rows(x, ids),
            position,
            RandomTensors.values(kernel),
            bias.map(w -> RandomTensors.values(w)[0]).orElse(new double[0]));
    double scale = Math.max(Truth.norm(expected), 0.1 * Math.sqrt(expected.length));
    Truth.assertClose(what + ", position " + position, expected, actual, tolerance(), scale);
  }

  /**
   * A copy goes on as the sequence it is of, to the bit where that is promised, and neither touches
   * the other: two convolutions, the wider of which is copied in several pieces.
   */
  @Test
  default void aCopiedSlotGoesOnAsTheOriginal() {
    int n = 60;
    int width = 9000;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(9));
      Weight narrow = TokenTables.table(arena, "narrow", 8);
      Weight wide = random.gaussian("wide", 300, width, 1);
      Weight slim = random.gaussian("slim", 8, 4, 1);
      Weight broad = random.gaussian("broad", width, 3, 1);
      var b = new GraphBuilder();
      Value x = b.shortConv("conv", b.embed(narrow), slim, Optional.empty());
      Value y = b.shortConv("wide.conv", b.embed(wide), broad, Optional.empty());
      Weight mix = random.gaussian("mix", width, 8, 1);
      Value rows = b.selectRows(b.add("sum", b.linear("mixed", x, mix), y));
      Graph graph = b.build(rows, rows);
      Limits limits = GraphRunner.limits(30, 2 * n, 2, KvType.F32).withSnapshots(2);
      try (var runner = new GraphRunner(backend, graph, limits, width)) {
        var plan = runner.plan();
        assertEquals(4, plan.slots());
        int[] ids = TokenTables.ids(n, 4);
        int[] other = TokenTables.ids(n, 5);
        runner.logits(Piece.of(ids, 0, 17, new int[0], 1));
        plan.copySlot(1, 3);
        // What is in the copy's place, and what the original does, is of no concern to either.
        runner.logits(Piece.of(other, 0, 5, new int[0], 0), Piece.of(ids, 17, 30, new int[0], 1));
        plan.copySlot(3, 0);
        float[][] expected = runner.logits(Piece.of(ids, 30, 40, new int[0], 1));
        runner.logits(Piece.of(ids, 17, 30, new int[0], 0));
        float[][] copy = runner.logits(Piece.of(ids, 30, 40, new int[0], 0));
        runner.logits(Piece.of(ids, 17, 30, new int[0], 3));
        float[][] first = runner.logits(Piece.of(ids, 30, 40, new int[0], 3));
        for (int t = 0; t < 10; t++) {
          assertArrayEquals(expected[t], copy[t], "the copy of the copy, token " + t);
          assertArrayEquals(expected[t], first[t], "the copy, token " + t);
        }
      }
    }
  }

  /** Snapshots take memory only where there is some, and places that are not there are refused. */
  @Test
  default void snapshotsHaveWhatTheBudgetLeaves() {
    try (Backend backend = open(1);
        Arena arena = Arena.ofShared()) {
      Weight x = TokenTables.table(arena, "x", 64);
      var random = new RandomTensors(arena, new SplittableRandom(1));
      var b = new GraphBuilder();
      Weight kernel = random.gaussian("kernel", 64, 4, 1);
      Value rows = b.selectRows(b.shortConv("conv", b.embed(x), kernel, Optional.empty()));
      Graph graph = b.build(rows, rows);
      Limits wished = GraphRunner.limits(8, 64, 2, KvType.F16).withSnapshots(5);
      Estimate estimate = backend.estimate(graph, wished);
      for (int snapshots : new int[] {0, 1, 5, 9}) {
        long budget = estimate.fixedBytes() + (2 + snapshots) * estimate.sequenceBytes();
        var limits = wished.withMemoryBudget(budget);
        try (var plan = backend.prepare(graph, limits, Progress.none())) {
          int slots = 2 + Math.min(snapshots, 5);
          assertEquals(slots, plan.slots());
          assertThrows(IllegalArgumentException.class, () -> plan.copySlot(0, slots));
          assertThrows(IllegalArgumentException.class, () -> plan.copySlot(-1, 0));
          plan.copySlot(0, slots - 1);
        }
      }
    }
  }

  /** Recurrent state counts in the estimate, a place for each sequence. */
  @Test
  default void recurrentStateIsEstimated() {
    try (Backend backend = open(1);
        Arena arena = Arena.ofShared()) {
      Weight x = TokenTables.table(arena, "x", 64);
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
