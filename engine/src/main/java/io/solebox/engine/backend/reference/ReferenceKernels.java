package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.graph.LowRank;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import java.util.function.IntUnaryOperator;

/** Each op as its definition reads; sums in f64, results rounded to f32 once. */
final class ReferenceKernels {
  private ReferenceKernels() {}

  /** Rows {@code ids} of a table. */
  static void embed(Weight table, int[] ids, float[] out) {
    for (int t = 0; t < ids.length; t++) {
      table.dequantize(ids[t], out, t * table.cols());
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

  static void layerNorm(Op.LayerNorm op, float[] x, int rows, float[] out) {
    int group = op.gain().cols();
    float[] gain = vector(op.gain());
    float[] bias = op.bias().map(ReferenceKernels::vector).orElseGet(() -> new float[group]);
    int groups = rows * op.out().width() / group;
    for (int g = 0; g < groups; g++) {
      int from = g * group;
      double mean = 0;
      for (int i = 0; i < group; i++) {
        mean += x[from + i];
      }
      mean /= group;
      double squares = 0;
      for (int i = 0; i < group; i++) {
        squares += (x[from + i] - mean) * (x[from + i] - mean);
      }
      double scale = 1 / Math.sqrt(squares / group + op.eps());
      for (int i = 0; i < group; i++) {
        out[from + i] = (float) ((x[from + i] - mean) * scale * gain[i] + bias[i]);
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

  /**
   * @param variantOf the variant of the model that computes a row
   */
  static void lowRank(
      LowRank op, float[] y, float[] x, int rows, IntUnaryOperator variantOf, float[] out) {
    int n = op.out().width();
    for (int t = 0; t < rows; t++) {
      System.arraycopy(y, t * n, out, t * n, n);
      int row = t;
      op.change(variantOf.applyAsInt(t)).ifPresent(c -> addChange(c, x, row, out));
    }
  }

  private static void addChange(LowRank.Change change, float[] x, int t, float[] out) {
    double[] inner = new double[change.rank()];
    float[] a = new float[change.a().cols()];
    for (int r = 0; r < inner.length; r++) {
      change.a().dequantize(r, a, 0);
      for (int i = 0; i < a.length; i++) {
        inner[r] += (double) a[i] * x[t * a.length + i];
      }
    }
    int n = change.b().rows();
    float[] b = new float[inner.length];
    for (int i = 0; i < n; i++) {
      change.b().dequantize(i, b, 0);
      double sum = 0;
      for (int r = 0; r < inner.length; r++) {
        sum += b[r] * inner[r];
      }
      out[t * n + i] = (float) (out[t * n + i] + change.scale() * sum);
    }
  }

  static void headLinear(Op.HeadLinear op, float[] x, int rows, float[] out) {
    Weight weight = op.weight();
    int k = weight.cols();
    float[] w = new float[k];
    for (int r = 0; r < weight.rows(); r++) {
      weight.dequantize(r, w, 0);
      int from = r / op.rows() * k;
      for (int t = 0; t < rows; t++) {
        double sum = 0;
        for (int i = 0; i < k; i++) {
          sum += (double) w[i] * x[t * op.heads() * k + from + i];
        }
        out[t * weight.rows() + r] = (float) sum;
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

  static void scaleByPosition(Op.ScaleByPosition op, float[] x, int[] positions, float[] out) {
    int width = op.out().width();
    for (int t = 0; t < positions.length; t++) {
      float factor = op.factor(positions[t]);
      for (int i = t * width; i < (t + 1) * width; i++) {
        out[i] = x[i] * factor;
      }
    }
  }

  static void attention(
      Op.Attention op, float[] q, Batch batch, ReferenceKvCache cache, float[] out) {
    float[] sinks = op.sinks().map(ReferenceKernels::vector).orElseGet(() -> new float[0]);
    float[] slopes =
        op.slopes().map(ReferenceKernels::vector).orElseGet(() -> new float[op.numHeads()]);
    for (int t = 0; t < batch.size(); t++) {
      int position = batch.positions()[t];
      int end = batch.positions()[batch.sequenceEnd(t) - 1];
      int first = op.mask().firstVisible(position);
      int n = op.mask().lastVisible(position, end) - first + 1;
      float[] keys = cache.keys(batch, t, first, n);
      float[] values = op.shape().latent() ? keys : cache.values(batch, t, first, n);
      for (int h = 0; h < op.numHeads(); h++) {
        double sink = sinks.length == 0 ? Double.NEGATIVE_INFINITY : sinks[h];
        double[] scores = scores(op, h, q, t, keys, n);
        for (int i = 0; i < n; i++) {
          scores[i] -= slopes[h] * (double) Math.abs(position - first - i);
        }
        softmax(scores, sink);
        mix(op, h, scores, values, t, out);
      }
    }
  }

  /** Of head {@code h} of token {@code t} with {@code n} positions, scaled and capped. */
  private static double[] scores(Op.Attention op, int h, float[] q, int t, float[] keys, int n) {
    int d = op.headDim();
    int at = (t * op.numHeads() + h) * d;
    int kvHead = h / (op.numHeads() / op.numKvHeads());
    double[] scores = new double[n];
    for (int i = 0; i < n; i++) {
      double dot = 0;
      for (int e = 0; e < d; e++) {
        dot += (double) q[at + e] * keys[(i * op.numKvHeads() + kvHead) * d + e];
      }
      double score = dot * op.scale();
      scores[i] = op.shape().softCap().map(c -> c * Math.tanh(score / c)).orElse(score);
    }
    return scores;
  }

  /** The sum of values by their weights. */
  private static void mix(
      Op.Attention op, int h, double[] weights, float[] values, int t, float[] out) {
    int dv = op.shape().valueDim();
    int step = op.shape().latent() ? op.headDim() : dv;
    int kvHead = h / (op.numHeads() / op.numKvHeads());
    for (int e = 0; e < dv; e++) {
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        sum += weights[i] * values[(i * op.numKvHeads() + kvHead) * step + e];
      }
      out[(t * op.numHeads() + h) * dv + e] = (float) sum;
    }
  }

  /** With one score that is nobody's; minus infinity for none. */
  private static void softmax(double[] scores, double sink) {
    double max = sink;
    for (double s : scores) {
      max = Math.max(max, s);
    }
    double sum = Math.exp(sink - max);
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.exp(scores[i] - max);
      sum += scores[i];
    }
    for (int i = 0; i < scores.length; i++) {
      scores[i] /= sum;
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

  /** All elements of a small weight. */
  static float[] vector(Weight weight) {
    float[] all = new float[Math.toIntExact(weight.elements())];
    weight.dequantize(all, 0);
    return all;
  }
}
