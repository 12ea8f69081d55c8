package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.util.Arrays;
import java.util.Locale;

/** One weight times columns on the interpreter; quantized formats get the activation quantized. */
final class LinearProducts {
  static final float[] NO_BIAS = new float[0];

  final KernelRun run;

  /** What the kernel multiplies: as given, or as the quantized activation stands for it. */
  final float[] x;

  final Object[] operands;
  private final Weight weight;
  private final Object[] planes;

  LinearProducts(KernelRun run, Weight weight, float[] given) {
    this.run = run;
    this.weight = weight;
    planes = run.planes(weight);
    if (weight.type().blockSize() == 1) {
      x = given;
      operands = new Object[] {run.machine().upload(given), KernelRun.NONE};
    } else {
      var eight = run.quantized(given, weight.cols());
      x = run.values(eight, given.length);
      operands = new Object[] {eight.xq(), eight.xs()};
    }
  }

  static KernelRun module(String target, String kind, TensorType type) {
    return new KernelRun(target, kind + "_" + wireName(type), Schedule.EAGER);
  }

  static String wireName(TensorType type) {
    return type.name().toLowerCase(Locale.ROOT);
  }

  /** {@code linear_<fmt>_<n>}; a bias brings a residual with it. */
  float[] linear(float[] bias, int n, int columns) {
    return product("linear_" + wireName(weight.type()) + "_" + n, 8, 1, bias, columns);
  }

  float[] matmul(float[] bias, int columns) {
    return product("matmul_" + wireName(weight.type()), 64, (columns + 63) / 64, bias, columns);
  }

  private float[] product(String entry, int rowsOfBlock, int gridY, float[] bias, int columns) {
    int rows = weight.rows();
    long out = run.machine().allocate(4 * rows * columns);
    boolean plain = bias.length == 0;
    float[] residual = new float[rows * columns];
    for (int i = 0; i < residual.length; i++) {
      residual[i] = residual(i);
    }
    run.machine()
        .launch(
            entry,
            (rows + rowsOfBlock - 1) / rowsOfBlock,
            gridY,
            128,
            KernelRun.arguments(
                out,
                operands,
                planes,
                plain ? KernelRun.NONE : run.machine().upload(bias),
                plain ? KernelRun.NONE : run.machine().upload(residual),
                rows,
                weight.cols(),
                columns));
    return run.machine().floats(out, rows * columns);
  }

  private static float residual(int i) {
    return i % 5;
  }

  void check(float[] bias, int columns, float[] actual, double tolerance) {
    int rows = weight.rows();
    int cols = weight.cols();
    double[][] weights = RandomTensors.values(weight);
    double squares =
        Arrays.stream(weights).mapToDouble(w -> Math.pow(KernelTruth.norm(w), 2)).sum();
    for (int c = 0; c < columns; c++) {
      double[] expected = new double[rows];
      double input = 0;
      for (int k = 0; k < cols; k++) {
        input += Math.pow(x[c * cols + k], 2);
      }
      for (int r = 0; r < rows; r++) {
        expected[r] = KernelTruth.dot(weights[r], x, c * cols);
        if (bias.length > 0) {
          expected[r] += bias[r] + residual(c * rows + r);
        }
      }
      String what = "%s [%d, %d], column %d of %d".formatted(weight.type(), rows, cols, c, columns);
      float[] got = Arrays.copyOfRange(actual, c * rows, (c + 1) * rows);
      // What independent terms have: the norm itself is no measure where terms cancel.
      double typical = Math.sqrt(squares / cols * input);
      KernelTruth.assertClose(what, expected, got, tolerance, typical);
    }
  }
}
