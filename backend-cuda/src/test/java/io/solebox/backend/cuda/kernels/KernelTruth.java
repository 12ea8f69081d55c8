package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.tensor.TensorType;
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

  /**
   * The nearest value of a type of 16 bits, the greatest where f16 has none; NaN is not asked for.
   */
  static short round(TensorType type, float value) {
    if (type == TensorType.BF16) {
      int bits = Float.floatToRawIntBits(value);
      return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
    return Float.floatToFloat16(Math.clamp(value, -65504, 65504));
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
