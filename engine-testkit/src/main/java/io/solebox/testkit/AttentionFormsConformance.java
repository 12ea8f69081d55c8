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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Attention as some architectures have it: capped, with sinks, in chunks, of other values. */
public interface AttentionFormsConformance extends BackendUnderTest {
  private static AttentionShape shape(int heads, int kvHeads, int dim, int valueDim, Mask mask) {
    float scale = (float) (1 / Math.sqrt(dim));
    return new AttentionShape(heads, kvHeads, dim, scale, mask).withValueDim(valueDim);
  }

  private static AttentionShape latent(int heads, int dim, int valueDim) {
    float scale = (float) (1 / Math.sqrt(dim));
    return new AttentionShape(
        heads, 1, dim, valueDim, scale, Optional.empty(), new Mask.Causal(), true);
  }

  /** Over a smaller cache, units for matrices may round queries and weights to f16. */
  private double bound(AttentionShape shape, KvType kvType) {
    boolean matrices = kvType != KvType.F32 && shape.headDim() % 64 == 0;
    return matrices ? tolerance(KvType.F16) : tolerance();
  }

  private static AttentionCase exact(Arena arena, int n, AttentionShape shape, double... sinks) {
    return new AttentionCase(arena, n, shape, AttentionCase.exactValues(), sinks, new double[0]);
  }

  /** A prompt in two steps, and single tokens after it. */
  private void checkSteps(AttentionCase test, int n, int prompt, KvType kvType) {
    test.checkSteps(this, n, prompt, kvType, bound(test.shape, kvType));
  }

  @ParameterizedTest
  @CsvSource({
    "4, 2, 32, 64, F32",
    "4, 2, 64, 32, F16",
    "2, 1, 96, 64, Q8_0",
    "3, 3, 24, 8, F16",
    "2, 2, 192, 128, F16",
    "2, 1, 20, 50, F32",
    "4, 1, 128, 64, F16"
  })
  default void valuesMayBeOfAnotherLengthThanKeys(
      int heads, int kvHeads, int dim, int valueDim, KvType kvType) {
    int n = 75;
    try (Arena arena = Arena.ofShared()) {
      var shape = shape(heads, kvHeads, dim, valueDim, new Mask.Causal());
      checkSteps(exact(arena, n, shape), n, 70, kvType);
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void latentAttentionEqualsTruth(KvType kvType) {
    int n = 75;
    try (Arena arena = Arena.ofShared()) {
      // Q8_0 keeps rows of whole blocks.
      int dim = kvType == KvType.Q8_0 ? 96 : 72;
      checkSteps(exact(arena, n, latent(4, dim, 64)), n, 70, kvType);
    }
  }

  /** The sizes of DeepSeek-V2: a latent of 512 and 64 elements that are turned. */
  @Test
  default void latentAttentionInRealSize() {
    int n = 37;
    try (Arena arena = Arena.ofShared()) {
      checkSteps(exact(arena, n, latent(3, 576, 512)), n, 34, KvType.F16);
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void cappedScoresEqualTruth(KvType kvType) {
    int n = 70;
    try (Arena arena = Arena.ofShared()) {
      for (float cap : new float[] {50, 0.7f}) {
        var shape = shape(4, 2, 64, 64, new Mask.Causal()).withSoftCap(Optional.of(cap));
        checkSteps(exact(arena, n, shape), n, 67, kvType);
        // Scores far beyond the cap, all about as high as it is. Those of 50 are rounded by 4e-6.
        exact(arena, n, shape.withScale(20)).checkSteps(this, n, 67, KvType.F32, 10 * tolerance());
      }
    }
  }

  /** A sink that takes a share, one that takes all, and some that take nothing. */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void sinksTakeTheirShare(KvType kvType) {
    int n = 290;
    try (Arena arena = Arena.ofShared()) {
      var shape = shape(4, 2, 32, 32, new Mask.Causal());
      checkSteps(exact(arena, n, shape, 3, 1000, -1000, -1e30), n, 287, kvType);
      var window = shape(4, 2, 64, 64, new Mask.SlidingWindow(40));
      checkSteps(exact(arena, 80, window, 0.5, 6, -2, 0), 80, 77, kvType);
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void chunksEqualTruth(KvType kvType) {
    int n = 275;
    try (Arena arena = Arena.ofShared()) {
      for (int chunk : new int[] {1, 33, 64, 256, 270}) {
        checkSteps(exact(arena, n, shape(2, 1, 32, 32, new Mask.Chunked(chunk))), n, 257, kvType);
      }
    }
  }

  /** Windows around each token, of several sequences at once. */
  @ParameterizedTest
  @EnumSource(KvType.class)
  default void windowsAroundATokenEqualTruth(KvType kvType) {
    int n = 300;
    for (int reach : new int[] {0, 5, 32, 130, 1000}) {
      for (int dim : reach == 32 ? new int[] {32, 64} : new int[] {32}) {
        try (Backend backend = open(2);
            Arena arena = Arena.ofShared()) {
          var test = exact(arena, n, shape(2, 1, dim, dim, new Mask.Around(reach)));
          int[][] tables = AttentionCase.shuffledTables(3, n);
          int[] a = IntStream.range(0, n).toArray();
          int[] b = IntStream.range(0, 45).map(i -> i * 3).toArray();
          var limits = GraphRunner.limits(n + 46, n, 3, kvType);
          try (var runner = new GraphRunner(backend, test.graph, limits, test.width())) {
            float[][] all =
                runner.logits(
                    new Piece(a, 0, tables[0]),
                    new Piece(b, 0, tables[1]),
                    new Piece(new int[] {5}, 0, tables[2]));
            int row = 0;
            for (int[] ids : List.of(a, b, new int[] {5})) {
              for (int i = 0; i < ids.length; i++) {
                test.check("reach " + reach, ids, i, all[row++], bound(test.shape, kvType));
              }
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(KvType.class)
  default void formsOfAttentionAreBatchInvariant(KvType kvType) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int n = 270;
    try (Arena arena = Arena.ofShared()) {
      Mask chunked = new Mask.Chunked(50);
      List<AttentionCase> cases =
          List.of(
              exact(arena, n, shape(4, 2, 32, 64, chunked).withSoftCap(Optional.of(2f))),
              exact(arena, n, shape(4, 2, 64, 32, new Mask.Causal()), 1, 0, 20, -5),
              exact(arena, n, latent(3, 96, 64)));
      for (AttentionCase test : cases) {
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
