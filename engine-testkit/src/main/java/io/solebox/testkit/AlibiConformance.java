package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Mask;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Scores that lose with the distance, in each head so much (ALiBi). */
public interface AlibiConformance extends BackendUnderTest {
  /** None, little, the usual, and one that leaves a token nothing but itself. */
  private static double[] slopes(int heads) {
    double[] some = {0.5, 0, 0x1p-8, 4000, 0.01f, 0.3f};
    return IntStream.range(0, heads).mapToDouble(h -> some[h % some.length]).toArray();
  }

  private static AttentionShape shape(int heads, int kvHeads, int dim, Mask mask) {
    return new AttentionShape(heads, kvHeads, dim, (float) (1 / Math.sqrt(dim)), mask);
  }

  private static AttentionCase exact(Arena arena, int n, AttentionShape shape, double... sinks) {
    double[] slopes = slopes(shape.numHeads());
    return new AttentionCase(arena, n, shape, AttentionCase.exactValues(), sinks, slopes);
  }

  private static AttentionCase latent(Arena arena, int n, int heads) {
    var causal = new Mask.Causal();
    return exact(
        arena, n, new AttentionShape(heads, 1, 96, 64, 0.1f, Optional.empty(), causal, true));
  }

  /** Over a smaller cache, units for matrices may round queries and weights to f16. */
  private double bound(AttentionShape shape, KvType kvType) {
    boolean matrices = kvType != KvType.F32 && shape.headDim() % 64 == 0;
    return matrices ? tolerance(KvType.F16) : tolerance();
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatDistanceCostsEqualsTruth(KvType kvType) {
    try (Arena arena = Arena.ofShared()) {
      for (AttentionShape shape :
          List.of(
              shape(4, 2, 32, new Mask.Causal()),
              shape(6, 2, 64, new Mask.Causal()),
              shape(3, 1, 96, new Mask.SlidingWindow(40)),
              shape(2, 2, 128, new Mask.Chunked(33)))) {
        int n = shape.headDim() == 64 ? 275 : 75;
        exact(arena, n, shape).checkSteps(this, n, n - 3, kvType, bound(shape, kvType));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatDistanceCostsOfCappedScoresBesideSinks(KvType kvType) {
    int n = 75;
    try (Arena arena = Arena.ofShared()) {
      var shape = shape(4, 2, 64, new Mask.Causal()).withSoftCap(Optional.of(1.5f));
      exact(arena, n, shape, 0.5, -1, 3, 0).checkSteps(this, n, 70, kvType, bound(shape, kvType));
      latent(arena, n, 5).checkSteps(this, n, 70, kvType, tolerance());
    }
  }

  /** Distances in both directions, of several sequences at once. */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatDistanceCostsWhereTokensSeeAhead(KvType kvType) {
    int n = 290;
    for (Mask mask : List.of(new Mask.Bidirectional(), new Mask.Around(70))) {
      for (int dim : new int[] {32, 64}) {
        try (Backend backend = open(2);
            Arena arena = Arena.ofShared()) {
          var test = exact(arena, n, shape(4, 2, dim, mask));
          int[][] tables = AttentionCase.shuffledTables(3, n);
          int[] a = IntStream.range(0, n).toArray();
          int[] b = IntStream.range(0, 45).map(i -> i * 3).toArray();
          int[] c = {5};
          var limits = GraphRunner.limits(n + 46, n, 3, kvType);
          try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
            float[][] all =
                runner.logits(
                    new Piece(a, 0, tables[0]),
                    new Piece(b, 0, tables[1]),
                    new Piece(c, 0, tables[2]));
            int row = 0;
            for (int[] ids : List.of(a, b, c)) {
              for (int i = 0; i < ids.length; i++) {
                test.check(mask + "", ids, i, all[row++], bound(test.shape, kvType));
              }
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void whatDistanceCostsIsBatchInvariant(KvType kvType) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int n = 270;
    try (Arena arena = Arena.ofShared()) {
      for (AttentionCase test :
          List.of(exact(arena, n, shape(4, 2, 64, new Mask.Causal())), latent(arena, n, 3))) {
        float[][] whole = test.inSteps(this, n, kvType, 1, n);
        for (int step : new int[] {1, 7, 100}) {
          float[][] steps = test.inSteps(this, n, kvType, 3, step);
          for (int t = 0; t < n; t++) {
            assertArrayEquals(whole[t], steps[t], "steps of " + step + ", token " + t);
          }
        }
      }
    }
  }
}
