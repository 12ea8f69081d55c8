package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;

/** Each op as its definition reads; sums in f64, results rounded to f32 once. */
final class ReferenceKernels {
  private ReferenceKernels() {}

  static void embed(Op.Embed op, int[] tokens, float[] out) {
    int width = op.out().width();
    for (int t = 0; t < tokens.length; t++) {
      op.table().dequantize(tokens[t], out, t * width);
    }
  }

  static void rmsNorm(Op.RmsNorm op, float[] x, int rows, float[] out) {
    int group = op.gain().cols();
    float[] gain = vector(op.gain());
    int groups = rows * op.out().width() / group;
    for (int g = 0; g < groups; g++) {
      int from = g * group;
      double sum = 0;
      for (int i = 0; i < group; i++) {
        sum += (double) x[from + i] * x[from + i];
      }
      double scale = 1 / Math.sqrt(sum / group + op.eps());
      for (int i = 0; i < group; i++) {
        out[from + i] = (float) (x[from + i] * scale * gain[i]);
      }
    }
  }

  static void linear(Op.Linear op, float[] x, int rows, float[] out) {
    Weight weight = op.weight();
    int n = weight.rows();
    int k = weight.cols();
    float[] w = new float[k];
    float[] bias = op.bias().map(ReferenceKernels::vector).orElseGet(() -> new float[n]);
    for (int r = 0; r < n; r++) {
      weight.dequantize(r, w, 0);
      for (int t = 0; t < rows; t++) {
        double sum = bias[r];
        for (int i = 0; i < k; i++) {
          sum += (double) w[i] * x[t * k + i];
        }
        out[t * n + r] = (float) sum;
      }
    }
  }

  static void rope(Op.Rope op, float[] x, int[] positions, float[] out) {
    int width = op.out().width();
    for (int t = 0; t < positions.length; t++) {
      System.arraycopy(x, t * width, out, t * width, width);
      for (int head = 0; head < width; head += op.headDim()) {
        rotate(op.rotation(), positions[t], x, t * width + head, out);
      }
    }
  }

  private static void rotate(Rotation rotation, int position, float[] x, int at, float[] out) {
    float[] frequencies = rotation.inverseFrequencies();
    int n = frequencies.length;
    for (int i = 0; i < n; i++) {
      double angle = (double) position * frequencies[i];
      double cos = Math.cos(angle) * rotation.magnitude();
      double sin = Math.sin(angle) * rotation.magnitude();
      int a =
          switch (rotation.pairing()) {
            case ADJACENT -> at + 2 * i;
            case HALVES -> at + i;
          };
      int b =
          switch (rotation.pairing()) {
            case ADJACENT -> a + 1;
            case HALVES -> a + n;
          };
      out[a] = (float) (x[a] * cos - x[b] * sin);
      out[b] = (float) (x[a] * sin + x[b] * cos);
    }
  }

  static void attention(
      Op.Attention op, float[] q, Batch batch, ReferenceKvCache cache, float[] out) {
    for (int t = 0; t < batch.size(); t++) {
      int position = batch.positions()[t];
      int end = batch.positions()[batch.sequenceEnd(t) - 1];
      int first = op.mask().firstVisible(position);
      int n = op.mask().lastVisible(position, end) - first + 1;
      float[] keys = cache.keys(batch, t, first, n);
      float[] values = cache.values(batch, t, first, n);
      for (int h = 0; h < op.numHeads(); h++) {
        head(op, h, q, t, keys, values, n, out);
      }
    }
  }

  /** Head {@code h} of token {@code t} over {@code n} positions. */
  private static void head(
      Op.Attention op, int h, float[] q, int t, float[] keys, float[] values, int n, float[] out) {
    int d = op.headDim();
    int width = op.numKvHeads() * d;
    int at = (t * op.numHeads() + h) * d;
    int kv = h / (op.numHeads() / op.numKvHeads()) * d;
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double dot = 0;
      for (int e = 0; e < d; e++) {
        dot += (double) q[at + e] * keys[i * width + kv + e];
      }
      weights[i] = dot * op.scale();
    }
    softmax(weights);
    for (int e = 0; e < d; e++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += weights[i] * values[i * width + kv + e];
      }
      out[at + e] = (float) sum;
    }
  }

  private static void softmax(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double s : scores) {
      max = Math.max(max, s);
    }
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
    }
  }

  /**
   * @param slots state per slot of the last {@code taps - 1} inputs: that of position p in row
   *     {@code p % (taps - 1)}
   */
  static void shortConv(Op.ShortConv op, float[] x, Batch batch, float[][] slots, float[] out) {
    int width = op.out().width();
    int kept = op.taps() - 1;
    float[] kernel = vector(op.kernel());
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

  static void meanRows(float[] x, int width, Batch batch, float[] out) {
    for (int r = 0; r < batch.rows().size(); r++) {
      int start = batch.sequenceStart(batch.rows().get(r).token());
      int end = batch.sequenceEnd(start);
      for (int c = 0; c < width; c++) {
        double sum = 0;
        for (int t = start; t < end; t++) {
          sum += x[t * width + c];
        }
        out[r * width + c] = (float) (sum / (end - start));
      }
    }
  }

  static void swiGlu(float[] gate, float[] up, int n, float[] out) {
    for (int i = 0; i < n; i++) {
      double g = gate[i];
      out[i] = (float) (g / (1 + Math.exp(-g)) * up[i]);
    }
  }

  static void add(float[] a, float[] b, int n, float[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = a[i] + b[i];
    }
  }

  private static float[] vector(Weight weight) {
    float[] all = new float[Math.toIntExact(weight.elements())];
    weight.dequantize(all, 0);
    return all;
  }
}
