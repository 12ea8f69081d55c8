package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Norms of groups of elements. */
public final class NormKernel {
  private NormKernel() {}

  /**
   * {@code out = x / sqrt(mean(x^2) + eps) * gain} over one group of {@code gain.length} elements
   * (Zhang and Sennrich, arXiv:1910.07467).
   *
   * @param at byte offset of the group in both segments
   * @param plain without vectors
   */
  public static void rmsNorm(
      MemorySegment x, MemorySegment out, long at, float[] gain, float eps, boolean plain) {
    int n = gain.length;
    int main = n - n % L;
    double sum = plain ? Plain.squares(x, at, main) : squares(x, at, main);
    for (int i = main; i < n; i++) {
      double v = x.get(Lanes.FLOAT, at + 4L * i);
      sum += v * v;
    }
    float scale = (float) (1 / Math.sqrt(sum / n + eps));
    int scaled = plain ? 0 : main;
    for (int i = 0; i < scaled; i += L) {
      FloatVector v = Lanes.floats(x, at + 4L * i).mul(scale).mul(Lanes.floats(gain, i));
      v.intoMemorySegment(out, at + 4L * i, Lanes.LE);
    }
    for (int i = scaled; i < n; i++) {
      out.set(Lanes.FLOAT, at + 4L * i, x.get(Lanes.FLOAT, at + 4L * i) * scale * gain[i]);
    }
  }

  /**
   * {@code out = (x - mean) / sqrt(variance + eps) * gain (+ bias)} over one group of {@code
   * gain.length} elements (Ba et al., arXiv:1607.06450), one by one.
   *
   * @param bias empty for none
   */
  public static void layerNorm(
      MemorySegment x, MemorySegment out, long at, float[] gain, float[] bias, float eps) {
    int n = gain.length;
    double mean = 0;
    for (int i = 0; i < n; i++) {
      mean += x.get(Lanes.FLOAT, at + 4L * i);
    }
    mean /= n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      double v = x.get(Lanes.FLOAT, at + 4L * i) - mean;
      squares += v * v;
    }
    double scale = 1 / Math.sqrt(squares / n + eps);
    for (int i = 0; i < n; i++) {
      double v = (x.get(Lanes.FLOAT, at + 4L * i) - mean) * scale * gain[i];
      out.set(Lanes.FLOAT, at + 4L * i, (float) (bias.length == 0 ? v : v + bias[i]));
    }
  }

  private static float squares(MemorySegment x, long at, int count) {
    FloatVector squares = Lanes.zero();
    for (int i = 0; i < count; i += L) {
      FloatVector v = Lanes.floats(x, at + 4L * i);
      squares = v.fma(v, squares);
    }
    return Lanes.sum(squares);
  }
}
