package io.solebox.backend.cuda.kernels;

import static io.solebox.backend.cuda.kernels.LinearProducts.NO_BIAS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code linear_<fmt>_<n>}, {@code swiglu_<fmt>_<n>} and {@code matmul_<fmt>}. */
class LinearKernelTest {
  private static final String[] TARGETS = {"sm_70", "sm_80"};

  private static int[][] shapes(TensorType type) {
    return switch (type.blockSize()) {
      case 1 -> new int[][] {{1, 1}, {3, 7}, {37, 100}, {5, 544}, {9, 771}};
      case 32 -> new int[][] {{1, 32}, {3, 96}, {37, 64}, {10, 1056}, {5, 2112}};
      default -> new int[][] {{1, 256}, {37, 512}, {10, 2304}};
    };
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void linearEqualsTruth(TensorType type) {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(type.id());
      var tensors = new RandomTensors(arena, random);
      for (int[] shape : shapes(type)) {
        Weight w = tensors.weight("w", shape[0], shape[1], type, 0.1);
        float[] bias = KernelTruth.gaussian(random, shape[0], 1);
        float[] x = KernelTruth.gaussian(random, 4 * shape[1], 1);
        for (String target : TARGETS) {
          var product = new LinearProducts(LinearProducts.module(target, "linear", type), w, x);
          product.check(NO_BIAS, 1, product.linear(NO_BIAS, 1, 1), 1e-5);
          product.check(bias, 3, product.linear(bias, 4, 3), 1e-5);
          product.check(bias, 1, product.linear(bias, 1, 1, 1), 1e-5);
          product.check(bias, 2, product.linear(bias, 2, 2, 2), 1e-5);
        }
      }
    }
  }

  /** Whatever the entry and the neighbours, a column has the same bits. */
  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void columnsDoNotDependOnTheirNumber(TensorType type) {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(type.id());
      int cols = type.blockSize() == 1 ? 1160 : 2304;
      Weight w = new RandomTensors(arena, random).weight("w", 11, cols, type, 0.1);
      float[] x = KernelTruth.gaussian(random, 8 * cols, 1);
      var product = new LinearProducts(LinearProducts.module("sm_80", "linear", type), w, x);
      for (int split = 0; split <= 2; split++) {
        float[] all = product.linear(NO_BIAS, 8, 8, split);
        product.check(NO_BIAS, 8, all, 1e-5);
        for (int n : new int[] {1, 2, 4}) {
          float[] some = product.linear(NO_BIAS, n, n, split);
          assertArrayEquals(Arrays.copyOf(all, some.length), some, "entry of " + n);
        }
        assertArrayEquals(Arrays.copyOf(all, 5 * 11), product.linear(NO_BIAS, 8, 5, split));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void swigluEqualsTruth(TensorType type) {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(type.id());
      var tensors = new RandomTensors(arena, random);
      int rows = 37;
      int cols = shapes(type)[2][1];
      Weight gate = tensors.weight("gate", rows, cols, type, 0.1);
      Weight up = tensors.weight("up", rows, cols, type, 0.1);
      KernelRun run = LinearProducts.module("sm_80", "linear", type);
      var product = new LinearProducts(run, gate, KernelTruth.gaussian(random, 2 * cols, 1));
      double[] expected = new double[2 * rows];
      for (int i = 0; i < expected.length; i++) {
        int from = i / rows * cols;
        double g = KernelTruth.dot(RandomTensors.values(gate)[i % rows], product.x, from);
        double u = KernelTruth.dot(RandomTensors.values(up)[i % rows], product.x, from);
        expected[i] = KernelTruth.silu(g) * u;
      }
      for (int n : new int[] {2, 8}) {
        long out = run.machine().allocate(4 * expected.length);
        run.machine()
            .launch(
                "swiglu_" + LinearProducts.wireName(type) + "_" + n,
                (rows + 3) / 4,
                1,
                128,
                KernelRun.arguments(
                    out,
                    KernelRun.NONE,
                    KernelRun.NONE,
                    KernelRun.NONE,
                    product.operands,
                    run.planes(gate),
                    run.planes(up),
                    Activation.SILU.ordinal(),
                    0f,
                    0f,
                    rows,
                    cols,
                    2));
        float[] actual = run.machine().floats(out, expected.length);
        KernelTruth.assertClose(type + " " + n, expected, actual, 1e-5, 0.1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 2", "4, 3", "8, 7"})
  void swigluRounds(int n, int columns) {
    String ptx = KernelRun.text("sm_80", "linear_q8_0");
    for (Schedule schedule : new Schedule[] {Schedule.EAGER, Schedule.DEFERRED}) {
      SwigluRounding.check(ptx, schedule, n, columns);
    }
  }

  /** Programmatic dependent launch changes nothing but the order in time. */
  @Test
  void theEntriesForHopperGiveTheSameBits() {
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(1);
      Weight w = new RandomTensors(arena, random).weight("w", 19, 1280, TensorType.Q4_K, 0.1);
      float[] x = KernelTruth.gaussian(random, 2 * 1280, 1);
      float[][] results = new float[2][];
      for (int i = 0; i < 2; i++) {
        KernelRun run =
            LinearProducts.module(i == 0 ? "sm_80" : "sm_90", "linear", TensorType.Q4_K);
        results[i] = new LinearProducts(run, w, x).linear(NO_BIAS, 2, 2);
      }
      assertArrayEquals(results[0], results[1]);
    }
  }

  /**
   * On tensor cores f16 and bf16 weights meet activations rounded to their type. Volta's know no
   * bf16.
   */
  private static double tolerance(String target, TensorType type) {
    return switch (type) {
      case F16 -> 2e-3;
      case BF16 -> target.equals("sm_70") ? 1e-5 : 8e-3;
      default -> 1e-5;
    };
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void matmulEqualsTruth(TensorType type) {
    int[][] shapes =
        switch (type.blockSize()) {
          case 1 ->
              new int[][] {{1, 1, 1}, {67, 100, 17}, {64, 36, 64}, {70, 71, 65}, {150, 40, 131}};
          case 32 -> new int[][] {{1, 32, 9}, {67, 96, 70}, {64, 160, 64}};
          default -> new int[][] {{1, 256, 9}, {67, 512, 70}};
        };
    try (Arena arena = Arena.ofShared()) {
      var random = new SplittableRandom(type.id());
      var tensors = new RandomTensors(arena, random);
      for (int[] shape : shapes) {
        Weight w = tensors.weight("w", shape[0], shape[1], type, 0.1);
        float[] bias = KernelTruth.gaussian(random, shape[0], 1);
        float[] x = KernelTruth.gaussian(random, shape[2] * shape[1], 1);
        for (String target : TARGETS) {
          var product = new LinearProducts(LinearProducts.module(target, "matmul", type), w, x);
          for (float[] b : new float[][] {NO_BIAS, bias}) {
            matmul(product, target, type, b, shape[2]);
          }
        }
      }
    }
  }

  private static void matmul(
      LinearProducts product, String target, TensorType type, float[] bias, int columns) {
    double tolerance = tolerance(target, type);
    if (LinearProducts.takesHalves(target, LinearProducts.wireName(type))) {
      product.check(bias, columns, product.matmulOfHalves(64, bias, columns), tolerance);
      product.check(bias, columns, product.matmulOfHalves(128, bias, columns), tolerance);
    } else {
      product.check(bias, columns, product.matmul(bias, columns), tolerance);
    }
  }
}
