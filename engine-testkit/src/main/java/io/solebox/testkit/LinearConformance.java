package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code Op.Linear} in all formats; weights that there are no kernels for come in another. */
public interface LinearConformance extends BackendUnderTest {
  List<Integer> TOKENS = List.of(1, 2, 3, 5, 8, 17);

  /** Odd numbers of rows, and widths of one block, a few, and more than a kernel's slab. */
  private static int[][] shapes(TensorType type) {
    return switch (type.blockSize()) {
      case 1 -> new int[][] {{1, 1}, {3, 7}, {37, 100}, {5, 544}, {18, 771}};
      case 32 -> new int[][] {{1, 32}, {3, 96}, {37, 64}, {18, 544}, {5, 1056}};
      default -> new int[][] {{1, 256}, {37, 512}, {18, 1280}};
    };
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void linearEqualsTruth(TensorType type) {
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      for (int[] shape : shapes(type)) {
        Weight w = given(backend, random.weight("w", shape[0], shape[1], type, 0.1));
        Weight x = random.gaussian("x", 17, shape[1], 1);
        Weight bias = random.gaussian("b", 1, shape[0], 1);
        for (int tokens : TOKENS) {
          check(backend, w, x, Optional.empty(), tokens);
          check(backend, w, x, Optional.of(bias), tokens);
        }
      }
    }
  }

  /** More tokens, and more rows, than a kernel takes at once. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void promptsEqualTruth(TensorType type) {
    int tokens = 135;
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      int cols = type.blockSize() == 1 ? 70 : 2 * type.blockSize();
      Weight w = given(backend, random.weight("w", 133, cols, type, 0.1));
      Weight bias = random.gaussian("b", 1, 133, 1);
      check(backend, w, random.gaussian("x", tokens, cols, 1), Optional.of(bias), tokens);
    }
  }

  /** Zeros, negative zeros, very large, very small, and all of it mixed. */
  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void linearAtExtremes(TensorType type) {
    int cols = Math.max(64, type.blockSize());
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      double[] sizes = {0, -0.0, 1e15, 1e-15, 1};
      for (double weights : new double[] {0, 1e-4, 100}) {
        Weight w = given(backend, random.weight("w", 7, cols, type, weights));
        for (double size : sizes) {
          check(backend, w, random.gaussian("x", 5, cols, size), Optional.empty(), 1);
          check(backend, w, random.gaussian("x", 5, cols, size), Optional.empty(), 5);
        }
        var mixed = new SplittableRandom(7);
        Weight x =
            random.floats("x", 5, cols, () -> sizes[mixed.nextInt(5)] * mixed.nextGaussian());
        check(backend, w, x, Optional.empty(), 5);
      }
    }
  }

  private void check(Backend backend, Weight w, Weight x, Optional<Weight> bias, int tokens) {
    double[][] weights = RandomTensors.values(w);
    double[][] inputs = RandomTensors.values(x);
    double[] biases = bias.map(b -> RandomTensors.values(b)[0]).orElse(new double[0]);
    float[][] actual = product(backend, w, x, bias, tokens);
    for (int t = 0; t < tokens; t++) {
      double[] expected = Truth.linear(weights, activations(w.type(), inputs[t]), biases);
      double squares = 0;
      for (double[] row : weights) {
        squares += Math.pow(Truth.norm(row), 2);
      }
      // What a row of independent terms has; the norm itself is no measure where terms cancel.
      double typical = Math.sqrt(squares / w.cols()) * Truth.norm(inputs[t]);
      double scale = Math.max(Truth.norm(expected), typical);
      String what = "%s %s, token %d of %d".formatted(w.type(), shape(w), t, tokens);
      // Rounding is noise: the fewer the results, the further their norm strays from what is usual.
      double few = 1 + 2 / Math.sqrt(w.rows());
      Truth.assertClose(what, expected, actual[t], tolerance(w.type()) * few, scale);
    }
  }

  private static String shape(Weight w) {
    return "[" + w.rows() + ", " + w.cols() + "]";
  }

  private static float[][] product(
      Backend backend, Weight w, Weight x, Optional<Weight> bias, int tokens) {
    var b = new GraphBuilder();
    Value rows = b.selectRows(b.linear("y", b.embed(x), w, bias));
    var limits = GraphRunner.limits(tokens, Math.max(tokens, 32), 1, KvType.F32);
    try (var runner = new GraphRunner(backend, b.build(rows, rows), limits, w.rows())) {
      return runner.rows(tokens);
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  default void linearIsBatchInvariant(TensorType type) {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    int cols = 4 * Math.max(257, type.blockSize());
    cols -= cols % type.blockSize();
    try (Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(type.id()));
      Weight x = random.gaussian("x", 17, cols, 1);
      Weight w;
      float[][] expected;
      try (Backend backend = open(1)) {
        w = given(backend, random.weight("w", 67, cols, type, 0.1));
        expected = product(backend, w, x, Optional.empty(), 17);
      }
      for (int threads : new int[] {1, 2, 3}) {
        try (Backend backend = open(threads)) {
          for (int tokens : TOKENS) {
            float[][] actual = product(backend, w, x, Optional.empty(), tokens);
            for (int t = 0; t < tokens; t++) {
              assertArrayEquals(expected[t], actual[t], threads + " threads, T=" + tokens);
            }
          }
        }
      }
    }
  }

  /** A row that appears twice in the weight gives the same bits wherever it stands. */
  @Test
  default void equalRowsGiveEqualResults() {
    assumeTrue(batchInvariant(), "SKIPPED: this backend promises no batch invariance");
    try (Backend backend = open(2);
        Arena arena = Arena.ofShared()) {
      var random = new RandomTensors(arena, new SplittableRandom(1));
      Weight row = random.weight("row", 1, 512, TensorType.Q8_0, 1);
      Weight x = random.gaussian("x", 1, 512, 1);
      var data = arena.allocate(row.rowBytes() * 53, 2);
      for (int r = 0; r < 53; r++) {
        data.asSlice(r * row.rowBytes()).copyFrom(row.data());
      }
      Weight w = new Weight("w", 53, 512, TensorType.Q8_0, data);
      float[] y = product(backend, w, x, Optional.empty(), 1)[0];
      for (float v : y) {
        assertArrayEquals(new float[] {y[0]}, new float[] {v});
      }
    }
  }
}
