package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.fake.Schedule;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import io.solebox.testkit.RandomTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
    return linear(bias, n, columns, 0);
  }

  /** The same with 2^{@code split} warps for two rows. */
  float[] linear(float[] bias, int n, int columns, int split) {
    String entry = "linear_" + wireName(weight.type()) + "_" + n;
    return product(entry, new Blocks(8 >> split, 8, 128), operands, bias, columns, split);
  }

  /** {@code matmul_<fmt>} of the columns as they are. */
  float[] matmul(float[] bias, int columns) {
    String entry = "matmul_" + wireName(weight.type());
    return product(entry, new Blocks(64, 64, 128), operands, bias, columns);
  }

  /** The same of the columns in 16 bits, in blocks of 64 or 128. */
  float[] matmulOfHalves(int block, float[] bias, int columns) {
    String entry = "matmul_" + wireName(weight.type()) + (block == 64 ? "" : "_" + block);
    Object[] halves = {run.machine().upload(halves(columns)), KernelRun.NONE};
    return product(entry, new Blocks(block, block, 2 * block), halves, bias, columns);
  }

  /** Columns rounded to the weight's type, padded with zeros to 16 bytes. */
  private byte[] halves(int columns) {
    int cols = weight.cols();
    int padded = (cols + 7) / 8 * 8;
    var out = ByteBuffer.allocate(2 * padded * columns).order(ByteOrder.LITTLE_ENDIAN);
    for (int c = 0; c < columns; c++) {
      for (int k = 0; k < cols; k++) {
        out.putShort(2 * (c * padded + k), KernelTruth.round(weight.type(), x[c * cols + k]));
      }
    }
    return out.array();
  }

  /** Whether {@code matmul_<format>} takes columns of 16 bits on this target. */
  static boolean takesHalves(String target, String format) {
    return format.equals("f16") || format.equals("bf16") && !target.equals("sm_70");
  }

  /** Rows and columns that a block computes, and its threads. */
  private record Blocks(int rows, int columns, int threads) {}

  private float[] product(
      String entry, Blocks blocks, Object[] columnsIn, float[] bias, int columns, Object... more) {
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
            Math.ceilDiv(rows, blocks.rows()),
            Math.ceilDiv(columns, blocks.columns()),
            blocks.threads(),
            KernelRun.arguments(
                out,
                columnsIn,
                planes,
                plain ? KernelRun.NONE : run.machine().upload(bias),
                plain ? KernelRun.NONE : run.machine().upload(residual),
                rows,
                weight.cols(),
                columns,
                more));
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
