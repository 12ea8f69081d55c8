package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Op.Attention} over all that came before, a window, or what comes after as well. */
public interface AttentionConformance extends BackendUnderTest {
  private static AttentionShape shape(int heads, int kvHeads, int dim, Mask mask) {
    float scale = (float) (1 / Math.sqrt(dim));
    return new AttentionShape(heads, kvHeads, dim, scale, mask);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 16",
    "4, 1, 48",
    "6, 3, 80",
    "4, 2, 64",
    "3, 3, 8",
    "7, 1, 112",
    "2, 2, 128",
    "5, 5, 20"
  })
  default void causalAttentionEqualsTruth(int heads, int kvHeads, int dim) {
    int n = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var test = new AttentionCase(arena, n, shape(heads, kvHeads, dim, new Mask.Causal()));
      var limits = GraphRunner.limits(n, n, 1, KvType.F32);
      try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
        int[] ids = IntStream.range(0, n).toArray();
        int[] table = AttentionCase.shuffledTables(1, n)[0];
        test.checkAll("whole", ids, 0, runner.logits(new Piece(ids, 0, table)), 0, tolerance());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "5", "32", "33", "100", "256", "300"})
  default void slidingWindowEqualsTruth(int window) {
    int n = 330;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var test = new AttentionCase(arena, n, shape(2, 1, 16, new Mask.SlidingWindow(window)));
      var limits = GraphRunner.limits(n, n, 1, KvType.F32);
      try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
        int[] ids = IntStream.range(0, n).toArray();
        int[] table = AttentionCase.shuffledTables(1, n)[0];
        float[][] all = runner.logits(new Piece(ids, 0, table));
        test.checkAll("window " + window, ids, 0, all, 0, tolerance());
      }
    }
  }

  /**
   * Sequences of one block, of several splits, and some at once; every token sees all of its own.
   */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void bidirectionalAttentionEqualsTruth(KvType kvType) {
    int n = 330;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      for (int dim : new int[] {32, 64}) {
        var test = new AttentionCase(arena, n, shape(4, 2, dim, new Mask.Bidirectional()));
        var limits = GraphRunner.limits(n + 30, n, 3, kvType);
        int[][] tables = AttentionCase.shuffledTables(3, n);
        int[] a = IntStream.range(0, n).toArray();
        int[] b = IntStream.range(0, 7).map(i -> i * 3).toArray();
        int[] c = {5};
        // Over a smaller cache, units for matrices may round queries and weights to f16.
        boolean matrices = dim == 64 && kvType != KvType.F32;
        double bound = matrices ? tolerance(KvType.F16) : tolerance();
        try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
          float[][] all =
              runner.logits(
                  new Piece(a, 0, tables[0]),
                  new Piece(b, 0, tables[1]),
                  new Piece(c, 0, tables[2]));
          int row = 0;
          for (int[] ids : new int[][] {a, b, c}) {
            for (int i = 0; i < ids.length; i++) {
              test.check(kvType + " of " + ids.length, ids, i, all[row++], bound);
            }
          }
          float[][] few = runner.logits(new Piece(b, 0, tables[1]));
          for (int i = 0; i < b.length; i++) {
            test.check(kvType + " alone", b, i, few[i], bound);
          }
        }
      }
    }
  }

  /** Prefill chunks and single tokens of three sequences in one step, longer than two splits. */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void mixedStepsEqualTruth(KvType kvType) {
    int n = 560;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var test = new AttentionCase(arena, n, shape(4, 2, 32, new Mask.Causal()));
      var limits = GraphRunner.limits(n, n, 3, kvType);
      int[][] tables = AttentionCase.shuffledTables(3, n);
      int[] a = IntStream.range(0, n).toArray();
      int[] b = IntStream.range(0, n).map(i -> n - 1 - i).toArray();
      int[] c = IntStream.range(0, n).map(i -> i * 7 % n).toArray();
      double bound = tolerance();
      try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
        float[][] first =
            runner.logits(Piece.of(a, 0, 255, tables[0]), Piece.of(b, 0, 31, tables[1]));
        test.checkAll("a", Arrays.copyOf(a, 255), 0, first, 0, bound);
        test.checkAll("b", Arrays.copyOf(b, 31), 0, first, 255, bound);
        float[][] second =
            runner.logits(
                Piece.of(b, 31, 32, tables[1]),
                Piece.of(c, 0, 300, tables[2]),
                Piece.of(a, 255, 258, tables[0]));
        test.checkAll("b", Arrays.copyOf(b, 32), 31, second, 0, bound);
        test.checkAll("c", Arrays.copyOf(c, 300), 0, second, 1, bound);
        test.checkAll("a", Arrays.copyOf(a, 258), 255, second, 301, bound);
        float[][] third =
            runner.logits(Piece.of(c, 300, 301, tables[2]), Piece.of(a, 258, n, tables[0]));
        test.checkAll("c", Arrays.copyOf(c, 301), 300, third, 0, bound);
        test.checkAll("a", a, 258, third, 1, bound);
      }
    }
  }

  /** Values that the cache must round. */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void theCacheRoundsNoMoreThanItsType(KvType kvType) {
    int n = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(12);
      for (double size : new double[] {1, 1e-3, 100, 0}) {
        var shape = shape(4, 2, 64, new Mask.Causal());
        var test = new AttentionCase(arena, n, shape, () -> random.nextGaussian() * size);
        var limits = GraphRunner.limits(n, n, 1, kvType);
        try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
          int[] ids = IntStream.range(0, n).toArray();
          float[][] all = runner.logits(new Piece(ids, 0, AttentionCase.shuffledTables(1, n)[0]));
          // Rounded keys move the softmax, the more the larger they are.
          double bound = tolerance(kvType) * Math.max(1, size) * Math.max(size, 1e-30);
          test.checkAll("size " + size, ids, 0, all, 0, bound);
        }
      }
    }
  }

  /** An f16 cache holds what is beyond its range at its ends. */
  @Test
  default void keysAndValuesBeyondF16StayNumbers() {
    assumeTrue(saturatesCaches(), "SKIPPED: this backend's caches become infinite there");
    int n = 70;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      for (int dim : new int[] {20, 32, 128}) {
        var random = new SplittableRandom(14);
        var count = new AtomicInteger();
        DoubleSupplier large = () -> count.getAndIncrement() % 3 == 0 ? 1e5 : 7e4;
        // Scores of about one, so that the softmax weighs all.
        var shape = new AttentionShape(4, 2, dim, 1e-6f, new Mask.Causal());
        DoubleSupplier signed = () -> (random.nextBoolean() ? 1 : -1) * large.getAsDouble();
        var test = new AttentionCase(arena, n, shape, signed);
        holdInRange(test.keys);
        holdInRange(test.values);
        var limits = GraphRunner.limits(n, n, 1, KvType.F16);
        try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
          int[] ids = IntStream.range(0, n).toArray();
          float[][] all = runner.logits(new Piece(ids, 0, AttentionCase.shuffledTables(1, n)[0]));
          test.checkAll("of " + dim, ids, 0, all, 0, tolerance(KvType.F16));
        }
      }
    }
  }

  private static void holdInRange(double[][][] heads) {
    for (double[][] head : heads) {
      for (double[] row : head) {
        Arrays.setAll(row, i -> Math.clamp(row[i], -65504, 65504));
      }
    }
  }

  /**
   * A token whose key and value are no numbers, as a hidden state that is none makes them, spoils
   * those that see it, and no other sequence.
   */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatIsNoNumberGoesNoFurtherThanItsSequence(KvType kvType) {
    int n = 40;
    int width = 32;
    int broken = 25;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var values = AttentionCase.exactValues();
      var count = new AtomicInteger();
      DoubleSupplier oneBroken =
          () -> {
            double value = values.getAsDouble();
            int at = count.getAndIncrement() % (n * width);
            return at == broken * width + 3 ? Double.NaN : value;
          };
      var test = new AttentionCase(arena, n, shape(2, 1, width, new Mask.Causal()), oneBroken);
      int[][] tables = AttentionCase.shuffledTables(2, n);
      int[] spoilt = IntStream.range(0, n).toArray();
      int[] sound = IntStream.range(0, broken).toArray();
      var limits = GraphRunner.limits(2 * n, n, 2, kvType);
      try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
        float[][] all =
            runner.logits(new Piece(spoilt, 0, tables[0]), new Piece(sound, 0, tables[1]));
        test.checkAll("the neighbour", sound, 0, all, n, tolerance());
        for (int t = broken; t < n; t++) {
          assertTrue(Float.isNaN(all[t][3]), kvType + ", token " + t + ": " + all[t][3]);
        }
      }
    }
  }

  /** Very different scores: one key takes all the weight, or all keys are alike. */
  @Test
  default void attentionAtExtremeScores() {
    int n = 300;
    for (float scale : new float[] {0, 1e-6f, 30f}) {
      try (Backend backend = open(2);
          Arena arena = Arena.ofShared()) {
        var shape = new AttentionShape(2, 1, 16, scale, new Mask.Causal());
        var test = new AttentionCase(arena, n, shape);
        var limits = GraphRunner.limits(n, n, 1, KvType.F32);
        try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
          int[] ids = IntStream.range(0, n).toArray();
          float[][] all = runner.logits(new Piece(ids, 0, AttentionCase.shuffledTables(1, n)[0]));
          // Scores of hundreds lose absolute precision, which the softmax passes on.
          test.checkAll("scale " + scale, ids, 0, all, 0, scale > 1 ? 1e-3 : tolerance());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void attentionIsBatchInvariant(KvType kvType) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int n = 290;
    try (Arena arena = Arena.ofShared()) {
      for (Mask mask : new Mask[] {new Mask.Causal(), new Mask.SlidingWindow(45)}) {
        var test = new AttentionCase(arena, n, shape(6, 2, 32, mask));
        float[][] whole = test.inSteps(this, n, kvType, 1, n);
        for (int threads : new int[] {2, 3}) {
          for (int step : new int[] {1, 7, 100}) {
            float[][] steps = test.inSteps(this, n, kvType, threads, step);
            for (int t = 0; t < n; t++) {
              assertArrayEquals(whole[t], steps[t], "steps of " + step + ", token " + t);
            }
          }
        }
      }
    }
  }
}
