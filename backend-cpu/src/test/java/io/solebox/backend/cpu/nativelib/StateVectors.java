package io.solebox.backend.cpu.nativelib;

import static io.solebox.backend.cpu.nativelib.VectorFile.doubles;
import static io.solebox.backend.cpu.nativelib.VectorFile.floats;
import static io.solebox.backend.cpu.nativelib.VectorFile.real;

import io.solebox.backend.cpu.nativelib.VectorFile.Kind;
import java.io.IOException;
import java.util.SplittableRandom;

/** Steps of the gated delta rule and of the selective scan, as the kernels take them. */
record StateVectors(VectorFile file) {
  private static final int POSITIONS = 20;
  private static final float SKIP = 0.75f;

  /** Rows of a state and their length: odd ones, one, whole vectors. */
  private static final int[][] SHAPES = {{1, 1}, {5, 3}, {7, 16}, {16, 20}, {33, 37}, {64, 128}};

  void write() throws IOException {
    for (int[] shape : SHAPES) {
      delta(shape[0], shape[1]);
      scan(shape[0], shape[1]);
    }
  }

  /** f32 numbers, of rows with a norm of about {@code norm}. */
  private static double[][] rows(SplittableRandom random, int width, double norm) {
    double[][] rows = new double[POSITIONS][width];
    for (double[] row : rows) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) (random.nextGaussian() * norm / Math.sqrt(width));
      }
    }
    return rows;
  }

  /** Per position what is left of the state, and how much is learnt; the first of them extreme. */
  private static double[][] numbers(SplittableRandom random) {
    double[][] numbers = new double[POSITIONS][2];
    for (int p = 0; p < POSITIONS; p++) {
      numbers[p][0] = p == 3 ? 0 : p == 5 ? 1 : (float) random.nextDouble(0.5, 1);
      numbers[p][1] = p == 4 ? 0 : p == 6 ? 1 : (float) random.nextDouble();
    }
    return numbers;
  }

  private void delta(int rows, int length) throws IOException {
    var random = new SplittableRandom(rows * 1000L + length);
    double[][] q = rows(random, length, 1);
    double[][] k = rows(random, length, 1);
    double[][] v = rows(random, rows, Math.sqrt(rows));
    double[][] numbers = numbers(random);
    double[][] state = new double[rows][length];
    double[][] expected = new double[POSITIONS][rows];
    for (int p = 0; p < POSITIONS; p++) {
      for (int j = 0; j < rows; j++) {
        double known = 0;
        for (int i = 0; i < length; i++) {
          state[j][i] *= numbers[p][0];
          known += state[j][i] * k[p][i];
        }
        for (int i = 0; i < length; i++) {
          state[j][i] += k[p][i] * numbers[p][1] * (v[p][j] - known);
          expected[p][j] += state[j][i] * q[p][i];
        }
      }
    }
    put(Kind.DELTA, rows, length, floats(q), floats(k), floats(v), numbers, expected);
  }

  private void scan(int rows, int length) throws IOException {
    var random = new SplittableRandom(rows * 1000L + length + 1);
    double[][] b = rows(random, length, 1);
    double[][] c = rows(random, length, 1);
    double[][] x = rows(random, rows, Math.sqrt(rows));
    double[][] numbers = numbers(random);
    double[][] state = new double[rows][length];
    double[][] expected = new double[POSITIONS][rows];
    for (int p = 0; p < POSITIONS; p++) {
      for (int j = 0; j < rows; j++) {
        expected[p][j] = SKIP * x[p][j];
        for (int i = 0; i < length; i++) {
          state[j][i] = state[j][i] * numbers[p][0] + numbers[p][1] * x[p][j] * b[p][i];
          expected[p][j] += state[j][i] * c[p][i];
        }
      }
    }
    put(Kind.SCAN, rows, length, floats(b), floats(c), floats(x), numbers, expected);
  }

  private void put(
      Kind kind,
      int rows,
      int length,
      byte[] first,
      byte[] second,
      byte[] third,
      double[][] numbers,
      double[][] expected)
      throws IOException {
    file.put(
        kind,
        new long[] {rows, length, POSITIONS, real(SKIP)},
        first,
        second,
        third,
        floats(numbers),
        doubles(expected));
  }
}
