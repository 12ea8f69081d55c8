package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

/** What kernels compute, in f64 and plain loops. */
final class KernelTruth {
  private KernelTruth() {}

  static float[] gaussian(SplittableRandom random, int count, double size) {
    float[] out = new float[count];
    for (int i = 0; i < count; i++) {
      out[i] = (float) (random.nextGaussian() * size);
    }
    return out;
  }

  static double dot(double[] w, float[] x, int from) {
    double sum = 0;
    for (int k = 0; k < w.length; k++) {
      sum += w[k] * x[from + k];
    }
    return sum;
  }

  static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  static double norm(double[] x) {
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    return Math.sqrt(squares);
  }

  /**
   * The distance of both is at most {@code tolerance} times the greater of norm and {@code floor}.
   */
  static void assertClose(
      String what, double[] expected, float[] actual, double tolerance, double floor) {
    assertEquals(expected.length, actual.length, what);
    double[] difference = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      difference[i] = actual[i] - expected[i];
    }
    double scale = Math.max(norm(expected), floor);
    double error = norm(difference);
    assertTrue(
        error <= tolerance * scale,
        () ->
            "%s: error %.3g of a norm of %.3g, over %.1g".formatted(what, error, scale, tolerance));
  }
}
