package io.solebox.backend.cuda.kernels;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code each_<fmt>}, {@code each_gated_<fmt>} and {@code grouped_<fmt>}, of two matrices by turns
 * or by a routing.
 */
class GroupedKernelTest {
  private static final int GROUPS = 2;
  private static final int ROWS = 19;

  /** Of each format a stack of two matrices, and what they are multiplied with. */
  private static final class Stack implements AutoCloseable {
    final Arena arena = Arena.ofShared();
    final int cols;
    final Weight weight;
    final LinearProducts product;

    Stack(TensorType type, String target, String kind, int columns) {
      cols = type.blockSize() == 1 ? 100 : 2 * Math.max(128, type.blockSize());
      var random = new SplittableRandom(type.id());
      weight = new RandomTensors(arena, random).weight("w", GROUPS * ROWS, cols, type, 0.1);
      float[] x = KernelTruth.gaussian(random, columns * cols, 1);
      product = new LinearProducts(LinearProducts.module(target, kind, type), weight, x);
    }

    double dot(int group, int row, int column) {
      double[] w = RandomTensors.values(weight)[group * ROWS + row];
      return KernelTruth.dot(w, product.x, column * cols);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void eachEqualsTruth(TensorType type) {
    int slots = 3;
    try (var s = new Stack(type, "sm_70", "linear", slots)) {
      var machine = s.product.run.machine();
      long out = machine.allocate(4 * slots * ROWS);
      machine.launch(
          "each_" + LinearProducts.wireName(type),
          Math.ceilDiv(ROWS, 8),
          slots,
          128,
          KernelRun.arguments(
              out,
              s.product.operands,
              s.product.run.planes(s.weight),
              KernelRun.NONE,
              KernelRun.NONE,
              0,
              GROUPS,
              ROWS,
              0,
              ROWS,
              s.cols,
              1));
      check(s, type, slots, machine.floats(out, slots * ROWS), 1e-5);
    }
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void eachGatedEqualsTruth(TensorType type) {
    try (var s = new Stack(type, "sm_80", "linear", 1)) {
      var machine = s.product.run.machine();
      // Of the stack's two matrices the gates are the first rows, and expert 0 is the only one.
      long routing = machine.upload(0f, 0.5f);
      long out = machine.allocate(4 * ROWS);
      machine.launch(
          "each_gated_" + LinearProducts.wireName(type),
          Math.ceilDiv(ROWS, 4),
          1,
          128,
          KernelRun.arguments(
              out,
              KernelRun.NONE,
              KernelRun.NONE,
              KernelRun.NONE,
              s.product.operands,
              s.product.run.planes(s.weight),
              s.product.run.planes(s.weight),
              KernelRun.NONE,
              KernelRun.NONE,
              routing,
              0,
              0,
              0,
              0,
              ROWS,
              Activation.SILU.ordinal(),
              0f,
              0f,
              ROWS,
              s.cols,
              1));
      double[] expected = new double[ROWS];
      for (int r = 0; r < ROWS; r++) {
        expected[r] = KernelTruth.silu(s.dot(0, r, 0)) * s.dot(1, r, 0);
      }
      KernelTruth.assertClose(type + "", expected, machine.floats(out, ROWS), 1e-5, 0.1);
    }
  }

  @ParameterizedTest
  @MethodSource("io.solebox.backend.cuda.kernels.PtxSources#formats")
  void groupedEqualsTruth(TensorType type) {
    if (LinearProducts.takesHalves("sm_80", LinearProducts.wireName(type))) {
      return; // its columns are of 16 bits: ExpertConformance has them
    }
    int columns = 5;
    for (String target : new String[] {"sm_70", "sm_80"}) {
      try (var s = new Stack(type, target, "matmul", GROUPS * columns)) {
        var machine = s.product.run.machine();
        int slots = GROUPS * columns;
        long out = machine.allocate(4 * slots * ROWS);
        machine.launch(
            "grouped_" + LinearProducts.wireName(type),
            1,
            GROUPS,
            128,
            KernelRun.arguments(
                out,
                s.product.operands,
                s.product.run.planes(s.weight),
                KernelRun.NONE,
                KernelRun.NONE,
                0,
                KernelRun.NONE,
                KernelRun.NONE,
                GROUPS,
                ROWS,
                0,
                ROWS,
                s.cols,
                columns,
                1));
        check(s, type, slots, machine.floats(out, slots * ROWS), 1e-5);
      }
    }
  }

  private static void check(Stack s, TensorType type, int slots, float[] actual, double tolerance) {
    double[] expected = new double[slots * ROWS];
    for (int i = 0; i < expected.length; i++) {
      int slot = i / ROWS;
      expected[i] = s.dot(slot % GROUPS, i % ROWS, slot);
    }
    KernelTruth.assertClose(type + "", expected, actual, tolerance, 0.1 * Math.sqrt(s.cols));
  }
}
