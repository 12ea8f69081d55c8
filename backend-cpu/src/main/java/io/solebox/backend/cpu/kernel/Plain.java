package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import io.solebox.engine.graph.Activation;
import java.lang.foreign.MemorySegment;

/**
 * The loops of the vector kernels in plain Java, with the same bits: the same lanes, the same order
 * in each, the same tree at the end.
 *
 * <p>The Vector API is fast only in code that the optimizing compiler has finished. Before that
 * every operation is a call that allocates, some two hundred times slower, and what gets compiled
 * meanwhile are those calls. These loops are fast after milliseconds; {@code WarmUp} says how long
 * they run.
 */
final class Plain {
  static final float GELU_CUBE = 0.044715f;

  /** {@code -2 sqrt(2/pi)}. */
  static final float GELU_SCALE = (float) (-2 * Math.sqrt(2 / Math.PI));

  private static final double[] ERFC = {
    -1.26551223,
    1.00002368,
    0.37409196,
    0.09678418,
    -0.18628806,
    0.27886807,
    -1.13520398,
    1.48851587,
    -0.82215223,
    0.17087277
  };

  private Plain() {}

  /** {@link Lanes#sum}; the L lanes from {@code at} are used up. */
  static float sum(float[] lanes, int at) {
    for (int half = L / 2; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        lanes[at + i] += lanes[at + i + half];
      }
    }
    return lanes[at];
  }

  /** {@link Lanes#exp} of one lane. */
  static float exp(float x) {
    float clamped = Math.min(Math.max(x, -87f), 88f);
    float shifted = Math.fma(clamped, Lanes.LOG2_E, Lanes.ROUND);
    float n = shifted - Lanes.ROUND;
    float r = Math.fma(n, -Lanes.LN2_HIGH, clamped);
    r = Math.fma(n, -Lanes.LN2_LOW, r);
    float p = 1 / 5040f;
    p = Math.fma(p, r, 1 / 720f);
    p = Math.fma(p, r, 1 / 120f);
    p = Math.fma(p, r, 1 / 24f);
    p = Math.fma(p, r, 1 / 6f);
    p = Math.fma(p, r, 0.5f);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    float power = Float.intBitsToFloat((Float.floatToRawIntBits(shifted) << 23) + (127 << 23));
    return x < -87f ? 0f : p * power;
  }

  /** {@link Lanes#halfToFloat} of one lane. */
  static float half(short h) {
    return Float.intBitsToFloat((h << 13) & 0x8FFFE000) * 0x1p112f;
  }

  /** {@code count} halves of a cache at byte {@code at}, as {@link Lanes#cachedHalves}. */
  static void halves(MemorySegment s, long at, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      float x = half(s.get(Lanes.SHORT, at + 2L * i));
      out[i] = Math.abs(x) >= Lanes.BEYOND_HALF ? Float.NaN : x;
    }
  }

  /**
   * One row and one token of {@link Tile#multiply}: four lanes at a time stay in registers.
   *
   * @param count elements of K, a multiple of L
   * @param acc L accumulators from {@code at}
   */
  static void multiply(float[] w, int wAt, float[] x, int count, float[] acc, int at) {
    for (int lane = 0; lane < L; lane += 4) {
      float a0 = acc[at + lane];
      float a1 = acc[at + lane + 1];
      float a2 = acc[at + lane + 2];
      float a3 = acc[at + lane + 3];
      for (int k = lane; k < count; k += L) {
        a0 = Math.fma(w[wAt + k], x[k], a0);
        a1 = Math.fma(w[wAt + k + 1], x[k + 1], a1);
        a2 = Math.fma(w[wAt + k + 2], x[k + 2], a2);
        a3 = Math.fma(w[wAt + k + 3], x[k + 3], a3);
      }
      acc[at + lane] = a0;
      acc[at + lane + 1] = a1;
      acc[at + lane + 2] = a2;
      acc[at + lane + 3] = a3;
    }
  }

  /** The sum of squares of {@code count} elements, a multiple of L. */
  static float squares(MemorySegment x, long at, int count) {
    float[] lanes = new float[L];
    for (int i = 0; i < count; i++) {
      float v = x.get(Lanes.FLOAT, at + 4L * i);
      lanes[i % L] = Math.fma(v, v, lanes[i % L]);
    }
    return sum(lanes, 0);
  }

  /** What an activation makes of x; SILU and GELU as vectors do it. */
  static float activated(Activation activation, float x) {
    return switch (activation) {
      case IDENTITY -> x;
      case SILU -> x / (exp(-x) + 1f);
      case GELU -> x / (exp(x * Math.fma(x * x, GELU_CUBE, 1f) * GELU_SCALE) + 1f);
      case GELU_ERF -> geluErf(x);
      case RELU -> Math.max(x, 0f);
      case RELU_SQUARED -> Math.max(x, 0f) * Math.max(x, 0f);
      case SIGMOID -> 1f / (exp(-x) + 1f);
      case SOFTPLUS -> Math.max(x, 0f) + (float) Math.log1p(Math.exp(-Math.abs(x)));
      case TANH -> tanh(x);
    };
  }

  static float tanh(float x) {
    return (float) Math.tanh(x);
  }

  /** {@code x/2 (1 + erf(x / sqrt(2)))}; below 0 in the form that does not cancel. */
  private static float geluErf(float x) {
    double tail = erfc(Math.abs(x) / Math.sqrt(2));
    return (float) (x * 0.5 * (x < 0 ? tail : 2 - tail));
  }

  /**
   * {@code 1 - erf(x)} for x of at least 0, to about 1.2e-7 relative: the Chebyshev fit of Press et
   * al., Numerical Recipes.
   */
  private static double erfc(double x) {
    double t = 1 / (1 + x / 2);
    double p = 0;
    for (int i = ERFC.length - 1; i >= 0; i--) {
      p = p * t + ERFC[i];
    }
    return t * Math.exp(p - x * x);
  }

  /** Attention scores: {@code out[p] = q . key p}, keys [d, positions]. */
  static void score(
      float[] keys, int positions, float[] q, int qAt, int d, float[] out, int outAt) {
    for (int p = 0; p < positions; p++) {
      out[outAt + p] = 0f;
    }
    for (int i = 0; i < d; i++) {
      float qi = q[qAt + i];
      for (int p = 0; p < positions; p++) {
        out[outAt + p] = Math.fma(keys[positions * i + p], qi, out[outAt + p]);
      }
    }
  }

  static float max(float[] a, int from, int to) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < to; i++) {
      max = Math.max(max, a[i]);
    }
    return max;
  }

  /**
   * Replaces each by {@code e^(a - max)} and returns their sum; {@code to - from} a multiple of L.
   */
  static float expSum(float[] a, int from, int to, float max) {
    float[] lanes = new float[L];
    for (int i = from; i < to; i++) {
      a[i] = exp(a[i] - max);
      lanes[(i - from) % L] += a[i];
    }
    return sum(lanes, 0);
  }

  /** The sum of {@code e^(logit - max)}; {@code to - from} a multiple of L. */
  static float expSum(MemorySegment logits, long at, int from, int to, float max) {
    float[] lanes = new float[L];
    for (int i = from; i < to; i++) {
      lanes[(i - from) % L] += exp(logits.get(Lanes.FLOAT, at + 4L * i) - max);
    }
    return sum(lanes, 0);
  }

  /** Adds rows {@code from} to {@code to} of values [*, width], weighted, to {@code out}. */
  static void gather(
      float[] weights, int w, float[] values, int width, int from, int to, float[] out, int o) {
    for (int p = from; p < to; p++) {
      float weight = weights[w + p];
      for (int i = 0; i < width; i++) {
        out[o + i] = Math.fma(values[p * width + i], weight, out[o + i]);
      }
    }
  }
}
