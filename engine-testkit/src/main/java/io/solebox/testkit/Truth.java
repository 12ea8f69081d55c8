package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.graph.Activation;
import io.solebox.engine.graph.AttentionShape;
import io.solebox.engine.graph.Gating;
import io.solebox.engine.graph.Mask;
import io.solebox.engine.graph.Rotation;
import java.util.Arrays;
import java.util.OptionalDouble;

/** The ops in f64, as their records describe them, and how results are held against them. */
public final class Truth {
  private Truth() {}

  /** {@code w x + bias}; an empty bias is none. */
  public static double[] linear(double[][] w, double[] x, double[] bias) {
    double[] out = new double[w.length];
    for (int r = 0; r < w.length; r++) {
      double sum = bias.length == 0 ? 0 : bias[r];
      for (int k = 0; k < x.length; k++) {
        sum += w[r][k] * x[k];
      }
      out[r] = sum;
    }
    return out;
  }

  public static double[] rmsNorm(double[] x, double[] gain, double eps) {
    double[] out = new double[x.length];
    for (int from = 0; from < x.length; from += gain.length) {
      double squares = 0;
      for (int i = 0; i < gain.length; i++) {
        squares += x[from + i] * x[from + i];
      }
      double scale = 1 / Math.sqrt(squares / gain.length + eps);
      for (int i = 0; i < gain.length; i++) {
        out[from + i] = x[from + i] * scale * gain[i];
      }
    }
    return out;
  }

  public static double[] rope(double[] x, int position, int headDim, Rotation rotation) {
    double[] out = x.clone();
    int n = rotation.inverseFrequencies().length;
    for (int head = 0; head < x.length; head += headDim) {
      for (int i = 0; i < n; i++) {
        boolean halves = rotation.pairing() == Rotation.Pairing.HALVES;
        int a = head + (halves ? i : 2 * i);
        int b = head + (halves ? i + n : 2 * i + 1);
        double angle = position * (double) rotation.inverseFrequencies()[i];
        double cos = Math.cos(angle) * rotation.magnitude();
        double sin = Math.sin(angle) * rotation.magnitude();
        out[a] = x[a] * cos - x[b] * sin;
        out[b] = x[a] * sin + x[b] * cos;
      }
    }
    return out;
  }

  public static double[] swiGlu(double[] gate, double[] up) {
    return PointwiseTruth.gated(new Gating.By(Activation.SILU), gate, up);
  }

  /**
   * One query head over the keys and values of its sequence, as long as the query.
   *
   * @param kv offset of the key/value head in each row
   * @param end the sequence's last position
   */
  public static double[] attention(
      double[] q,
      double[][] keys,
      double[][] values,
      int kv,
      int position,
      int end,
      double scale,
      Mask mask) {
    var shape = new AttentionShape(1, 1, q.length, (float) scale, mask);
    double[][] k = parts(keys, kv, q.length);
    double[][] v = parts(values, kv, q.length);
    return attention(q, k, v, position, end, shape, OptionalDouble.empty(), 0);
  }

  /** So many elements of each row. */
  public static double[][] parts(double[][] rows, int from, int count) {
    double[][] parts = new double[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      parts[r] = Arrays.copyOfRange(rows[r], from, from + count);
    }
    return parts;
  }

  /**
   * One query head over the keys and values of its head in its sequence.
   *
   * @param keys [positions][D]
   * @param values [positions][Dv]
   * @param end the sequence's last position
   * @param sink the score that is no position's
   * @param slope what a score loses per position of distance
   */
  public static double[] attention(
      double[] q,
      double[][] keys,
      double[][] values,
      int position,
      int end,
      AttentionShape shape,
      OptionalDouble sink,
      double slope) {
    int first = shape.mask().firstVisible(position);
    double[] p = new double[shape.mask().lastVisible(position, end) - first + 1];
    double max = sink.orElse(Double.NEGATIVE_INFINITY);
    for (int i = 0; i < p.length; i++) {
      for (int d = 0; d < q.length; d++) {
        p[i] += q[d] * keys[first + i][d] * shape.scale();
      }
      double score = p[i];
      p[i] = shape.softCap().map(cap -> cap * Math.tanh(score / cap)).orElse(score);
      p[i] -= slope * Math.abs(position - first - i);
      max = Math.max(max, p[i]);
    }
    double sum = sink.isPresent() ? Math.exp(sink.getAsDouble() - max) : 0;
    double[] out = new double[values[0].length];
    for (int i = 0; i < p.length; i++) {
      double weight = Math.exp(p[i] - max);
      sum += weight;
      for (int d = 0; d < out.length; d++) {
        out[d] += weight * values[first + i][d];
      }
    }
    for (int d = 0; d < out.length; d++) {
      out[d] /= sum;
    }
    return out;
  }

  /**
   * Causal convolution of each channel, with zeros before the sequence.
   *
   * @param x [positions][width]
   * @param kernel [width][taps]
   * @param bias [width]; an empty one is none
   */
  public static double[] shortConv(double[][] x, int position, double[][] kernel, double[] bias) {
    double[] out = new double[kernel.length];
    for (int c = 0; c < out.length; c++) {
      int taps = kernel[c].length;
      double sum = bias.length == 0 ? 0 : bias[c];
      for (int j = 0; j < taps; j++) {
        int at = position - taps + 1 + j;
        sum += at < 0 ? 0 : kernel[c][j] * x[at][c];
      }
      out[c] = sum;
    }
    return out;
  }

  /** The mean of rows. */
  public static double[] mean(double[][] rows) {
    double[] out = new double[rows[0].length];
    for (double[] row : rows) {
      for (int i = 0; i < out.length; i++) {
        out[i] += row[i] / rows.length;
      }
    }
    return out;
  }

  public static double norm(double[] x) {
    double squares = 0;
    for (double v : x) {
      squares += v * v;
    }
    return Math.sqrt(squares);
  }

  /** Fails where the distance of the two rows is over {@code tolerance} times {@code scale}. */
  static void assertClose(
      String what, double[] expected, float[] actual, double tolerance, double scale) {
    assertEquals(expected.length, actual.length, what);
    double[] difference = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      difference[i] = actual[i] - expected[i];
    }
    double error = norm(difference);
    assertTrue(
        error <= tolerance * scale,
        () ->
            "%s: error %.3g of a norm of %.3g, more than %.1g"
                .formatted(what, error, scale, tolerance));
  }

  /** {@link #assertClose} relative to the norm of the expected row. */
  static void assertClose(String what, double[] expected, float[] actual, double tolerance) {
    assertClose(what, expected, actual, tolerance, norm(expected));
  }
}
