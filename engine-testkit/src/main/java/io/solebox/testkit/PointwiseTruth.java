package io.solebox.testkit;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;

/** Functions of one element or of few, in f64, and how near an f32 kernel comes to them. */
public final class PointwiseTruth {
  /** Roundings of f32, of the argument or of the result. */
  private static final double ROUNDING = 3e-6;

  /** What is below the range of f32 where it is kept without subnormal numbers. */
  private static final double NOTHING = 1e-30;

  private PointwiseTruth() {}

  public static double activated(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case SILU -> x / (1 + Math.exp(-x));
      // x/2 (1 + tanh u) without cancellation
      case GELU -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU_ERF -> x * normalBelow(x);
      case RELU -> Math.max(x, 0);
      case RELU_SQUARED -> Math.max(x, 0) * Math.max(x, 0);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case TANH -> Math.tanh(x);
    };
  }

  /** The normal distribution's share below x: the density integrated by Simpson's rule. */
  private static double normalBelow(double x) {
    if (x > 0) {
      return 1 - normalBelow(-x);
    }
    int steps = 2000;
    double width = 12.0 / steps; // the tail beyond is e^-72 of the rest, or less
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double at = i * width;
      // Relative to the density at x, so that small shares keep their digits.
      double density = Math.exp(x * at - at * at / 2);
      sum += density * (i == 0 || i == steps ? 1 : i % 2 == 0 ? 2 : 4);
    }
    return sum * width / 3 * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  static double softCapped(double cap, double x) {
    return cap * Math.tanh(x / cap);
  }

  public static double gated(Gating gating, double gate, double up) {
    return switch (gating) {
      case Gating.By(Activation activation) -> activated(activation, gate) * up;
      case Gating.Clamped(float alpha, float limit) -> {
        double g = Math.min(gate, limit);
        yield g / (1 + Math.exp(-alpha * g)) * (Math.clamp(up, -limit, limit) + 1);
      }
    };
  }

  public static double[] gated(Gating gating, double[] gate, double[] up) {
    double[] out = new double[gate.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = gated(gating, gate[i], up[i]);
    }
    return out;
  }

  /** A function of one number. */
  public interface Curve {
    double at(double x);
  }

  /**
   * How far from {@code f(x)} an f32 kernel may be: its result rounded, or its argument, which a
   * steep function makes more of.
   */
  public static double bound(Curve f, double x) {
    double step = 1e-6;
    double slope = (f.at(x * (1 + step)) - f.at(x * (1 - step))) / (2 * step); // x f'(x)
    return ROUNDING * (Math.abs(f.at(x)) + Math.abs(slope)) + NOTHING;
  }

  public static double[] layerNorm(double[] x, double[] gain, double[] bias, double eps) {
    double[] out = new double[x.length];
    for (int from = 0; from < x.length; from += gain.length) {
      double mean = 0;
      for (int i = 0; i < gain.length; i++) {
        mean += x[from + i] / gain.length;
      }
      double squares = 0;
      for (int i = 0; i < gain.length; i++) {
        squares += (x[from + i] - mean) * (x[from + i] - mean);
      }
      double scale = 1 / Math.sqrt(squares / gain.length + eps);
      for (int i = 0; i < gain.length; i++) {
        double shift = bias.length == 0 ? 0 : bias[i];
        out[from + i] = (x[from + i] - mean) * scale * gain[i] + shift;
      }
    }
    return out;
  }
}
