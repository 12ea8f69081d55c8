package io.solebox.engine.backend.reference;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.PointwiseOp;
import io.solebox.engine.graph.Value;
import java.util.function.Function;

/** Element by element, in f64. */
final class ReferencePointwise {
  private ReferencePointwise() {}

  /**
   * @param rows T
   */
  static void run(PointwiseOp op, Function<Value, float[]> values, int rows, float[] out) {
    int n = rows * op.out().width();
    switch (op) {
      case PointwiseOp.Gated g -> {
        float[] gate = values.apply(g.gate());
        float[] up = values.apply(g.up());
        for (int i = 0; i < n; i++) {
          out[i] = (float) gated(g.gating(), gate[i], up[i]);
        }
      }
      case PointwiseOp.Activate a -> {
        float[] x = values.apply(a.x());
        for (int i = 0; i < n; i++) {
          out[i] = (float) activated(a.activation(), x[i]);
        }
      }
      case PointwiseOp.Scale s -> {
        float[] x = values.apply(s.x());
        for (int i = 0; i < n; i++) {
          out[i] = x[i] * s.factor();
        }
      }
      case PointwiseOp.ScaleRows s -> {
        float[] x = values.apply(s.x());
        float[] factor = values.apply(s.factor());
        for (int i = 0; i < n; i++) {
          out[i] = x[i] * factor[i / op.out().width()];
        }
      }
      case PointwiseOp.SoftCap c -> {
        float[] x = values.apply(c.x());
        for (int i = 0; i < n; i++) {
          out[i] = (float) (c.cap() * Math.tanh((double) x[i] / c.cap()));
        }
      }
      case PointwiseOp.Add a -> {
        float[] x = values.apply(a.a());
        float[] y = values.apply(a.b());
        for (int i = 0; i < n; i++) {
          out[i] = x[i] + y[i];
        }
      }
      case PointwiseOp.AddVector a -> {
        float[] x = values.apply(a.x());
        float[] vector = ReferenceKernels.vector(a.vector());
        for (int i = 0; i < n; i++) {
          out[i] = x[i] + vector[i % vector.length];
        }
      }
      case PointwiseOp.ScaleColumns s -> {
        float[] x = values.apply(s.x());
        float[] vector = ReferenceKernels.vector(s.vector());
        for (int i = 0; i < n; i++) {
          out[i] = x[i] * vector[i % vector.length];
        }
      }
      case PointwiseOp.Slice s -> slice(s, values.apply(s.x()), rows, out);
      case PointwiseOp.Join j -> join(j, values.apply(j.a()), values.apply(j.b()), rows, out);
    }
  }

  private static void slice(PointwiseOp.Slice op, float[] x, int rows, float[] out) {
    int groups = rows * op.x().width() / op.group();
    for (int g = 0; g < groups; g++) {
      System.arraycopy(x, g * op.group() + op.from(), out, g * op.length(), op.length());
    }
  }

  private static void join(PointwiseOp.Join op, float[] a, float[] b, int rows, float[] out) {
    int step = op.aGroup() + op.bGroup();
    for (int t = 0; t < rows; t++) {
      for (int g = 0; g < op.groups(); g++) {
        int at = (t * op.groups() + g) * step;
        System.arraycopy(a, (t * op.groups() + g) * op.aGroup(), out, at, op.aGroup());
        int from = t * op.b().width() + g * op.bStep();
        System.arraycopy(b, from, out, at + op.aGroup(), op.bGroup());
      }
    }
  }

  static double gated(Gating gating, double gate, double up) {
    return switch (gating) {
      case Gating.By(Activation activation) -> activated(activation, gate) * up;
      case Gating.Clamped(float alpha, float limit) -> {
        double g = Math.min(gate, limit);
        double u = Math.clamp(up, -limit, limit);
        yield g / (1 + Math.exp(-alpha * g)) * (u + 1);
      }
    };
  }

  static double activated(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case SILU -> x / (1 + Math.exp(-x));
      // x/2 (1 + tanh u) in the form that does not cancel below 0
      case GELU -> x / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case GELU_ERF -> x / 2 * ErrorFunction.complement(-x / Math.sqrt(2));
      case RELU -> Math.max(x, 0);
      case RELU_SQUARED -> Math.max(x, 0) * Math.max(x, 0);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
      case TANH -> Math.tanh(x);
    };
  }
}
