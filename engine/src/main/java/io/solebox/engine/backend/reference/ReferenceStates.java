package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.StateOp;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import java.util.Arrays;
import java.util.function.Function;

/** What remembers a sequence in a state, token by token. */
final class ReferenceStates {
  private ReferenceStates() {}

  /**
   * @param states per slot what {@code op.keep()} holds
   */
  static void run(
      StateOp op, Function<Value, float[]> values, Batch batch, float[][] states, float[] out) {
    switch (op) {
      case StateOp.ShortConv c -> shortConv(c, values.apply(c.x()), batch, states, out);
      case StateOp.GatedDelta d -> {
        for (int t = 0; t < batch.size(); t++) {
          float[] state = begun(batch, t, states);
          for (int h = 0; h < d.heads(); h++) {
            delta(d, h, t, values, state, out);
          }
        }
      }
      case StateOp.SelectiveScan s -> {
        for (int t = 0; t < batch.size(); t++) {
          float[] state = begun(batch, t, states);
          for (int h = 0; h < s.heads(); h++) {
            scan(s, h, t, values, state, out);
          }
        }
      }
    }
  }

  /** The state of token t's sequence, zeros where it begins. */
  private static float[] begun(Batch batch, int t, float[][] states) {
    float[] state = states[batch.sequence(t).slot()];
    if (batch.positions()[t] == 0) {
      Arrays.fill(state, 0);
    }
    return state;
  }

  private static void delta(
      StateOp.GatedDelta op,
      int h,
      int t,
      Function<Value, float[]> values,
      float[] state,
      float[] out) {
    int dk = op.keyDim();
    int dv = op.valueDim();
    double raw = values.apply(op.a())[t * op.heads() + h] + at(op.bias(), h);
    double fade = Math.exp(at(op.rate(), h) * softplus(raw));
    double b = values.apply(op.b())[t * op.heads() + h];
    double beta = ReferencePointwise.activated(Activation.SIGMOID, b);
    int from = (t * op.keyHeads() + op.keyHead(h)) * dk;
    float[] q = values.apply(op.q());
    float[] k = values.apply(op.k());
    for (int j = 0; j < dv; j++) {
      int row = (h * dv + j) * dk;
      double known = 0;
      for (int i = 0; i < dk; i++) {
        state[row + i] = (float) (state[row + i] * fade);
        known += state[row + i] * (double) k[from + i];
      }
      int at = (t * op.heads() + h) * dv + j;
      double change = beta * (values.apply(op.v())[at] - known);
      double sum = 0;
      for (int i = 0; i < dk; i++) {
        state[row + i] = (float) (state[row + i] + k[from + i] * change);
        sum += state[row + i] * (double) q[from + i];
      }
      out[at] = (float) sum;
    }
  }

  private static void scan(
      StateOp.SelectiveScan op,
      int h,
      int t,
      Function<Value, float[]> values,
      float[] state,
      float[] out) {
    int n = op.stateDim();
    int p = op.headDim();
    double d = softplus(values.apply(op.dt())[t * op.heads() + h] + at(op.bias(), h));
    double fade = Math.exp(at(op.rate(), h) * d);
    int group = (t * op.groups() + h / (op.heads() / op.groups())) * n;
    float[] b = values.apply(op.b());
    float[] c = values.apply(op.c());
    for (int j = 0; j < p; j++) {
      int row = (h * p + j) * n;
      int at = (t * op.heads() + h) * p + j;
      double x = values.apply(op.x())[at];
      double sum = at(op.skip(), h) * x;
      for (int i = 0; i < n; i++) {
        state[row + i] = (float) (state[row + i] * fade + d * x * b[group + i]);
        sum += state[row + i] * (double) c[group + i];
      }
      out[at] = (float) sum;
    }
  }

  private static double softplus(double x) {
    return ReferencePointwise.activated(Activation.SOFTPLUS, x);
  }

  private static double at(Weight vector, int i) {
    return ReferenceKernels.vector(vector)[i];
  }

  /**
   * @param slots state per slot of the last {@code taps - 1} inputs: that of position p in row
   *     {@code p % (taps - 1)}
   */
  private static void shortConv(
      StateOp.ShortConv op, float[] x, Batch batch, float[][] slots, float[] out) {
    int width = op.out().width();
    int kept = op.taps() - 1;
    float[] kernel = ReferenceKernels.vector(op.kernel());
    float[] bias = op.bias().map(ReferenceKernels::vector).orElseGet(() -> new float[width]);
    for (int t = 0; t < batch.size(); t++) {
      int start = batch.sequenceStart(t);
      float[] slot = slots[batch.sequence(t).slot()];
      for (int c = 0; c < width; c++) {
        double sum = bias[c];
        for (int j = 0; j < op.taps(); j++) {
          int back = kept - j;
          int position = batch.positions()[t] - back;
          if (position >= 0) {
            boolean inStep = t - back >= start;
            float input = inStep ? x[(t - back) * width + c] : slot[position % kept * width + c];
            sum += (double) kernel[c * op.taps() + j] * input;
          }
        }
        out[t * width + c] = (float) sum;
      }
    }
    for (int t = 0; t < batch.size(); t++) {
      if (batch.sequenceEnd(t) - t <= kept) {
        int row = batch.positions()[t] % kept;
        System.arraycopy(x, t * width, slots[batch.sequence(t).slot()], row * width, width);
      }
    }
  }
}
