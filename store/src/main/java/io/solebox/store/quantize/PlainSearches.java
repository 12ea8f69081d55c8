package io.solebox.store.quantize;

import static io.solebox.store.quantize.Numbers.nearest;

import java.util.Arrays;

/** One weight after the other: what {@link VectorSearches} is held to. */
final class PlainSearches implements Searches {
  private static final int TRIALS = 9;
  private static final int ROUNDS = 5;

  @Override
  public void affine(
      AffineFit fit,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      float[] mins,
      byte[] codes) {
    for (int r = 0; r < runs; r++) {
      int at = r * fit.run();
      affineRun(fit, x, from + at, weights, at, r, scales, mins, codes);
    }
  }

  private static void affineRun(
      AffineFit fit,
      float[] x,
      int from,
      float[] weights,
      int at,
      int r,
      float[] scales,
      float[] mins,
      byte[] codes) {
    int n = fit.run();
    float min = x[from];
    float max = min;
    float sumW = weights[at];
    float sumX = sumW * min;
    for (int i = 1; i < n; i++) {
      float value = x[from + i];
      min = value < min ? value : min;
      max = value > max ? value : max;
      sumW += weights[at + i];
      sumX += weights[at + i] * value;
    }
    min = min > 0 ? 0 : min;
    Arrays.fill(codes, at, at + n, (byte) 0);
    scales[r] = 0;
    mins[r] = -min;
    if (max <= min) {
      return;
    }
    float inverse = fit.largest() / (max - min);
    float scale = 1 / inverse;
    float codesInverse = inverse;
    float codesMin = min;
    float best = affineError(fit, x, from, weights, at, inverse, min, scale, min);
    for (int step = 0; step <= fit.steps(); step++) {
      inverse = fit.inverseScale(step, max - min);
      float sumL = 0;
      float sumL2 = 0;
      float sumXl = 0;
      for (int i = 0; i < n; i++) {
        float l = nearest(inverse * (x[from + i] - min), 0, fit.largest());
        float wl = weights[at + i] * l;
        sumL += wl;
        sumL2 += wl * l;
        sumXl += wl * x[from + i];
      }
      float determinant = sumW * sumL2 - sumL * sumL;
      if (determinant > 0) {
        float thisScale = (sumW * sumXl - sumX * sumL) / determinant;
        float thisMin = (sumL2 * sumX - sumL * sumXl) / determinant;
        if (thisMin > 0) {
          thisMin = 0;
          thisScale = sumXl / sumL2;
        }
        float error = affineError(fit, x, from, weights, at, inverse, min, thisScale, thisMin);
        if (error < best) {
          best = error;
          codesInverse = inverse;
          codesMin = min;
          scale = thisScale;
          min = thisMin;
        }
      }
    }
    for (int i = 0; i < n; i++) {
      float value = codesInverse * (x[from + i] - codesMin);
      codes[at + i] = (byte) nearest(value, 0, fit.largest());
    }
    scales[r] = scale;
    mins[r] = -min;
  }

  /** Of codes that follow from one scale and minimum, and stand for values by another. */
  private static float affineError(
      AffineFit fit,
      float[] x,
      int from,
      float[] weights,
      int at,
      float inverse,
      float codesMin,
      float scale,
      float min) {
    float error = 0;
    for (int i = 0; i < fit.run(); i++) {
      float value = x[from + i];
      float l = nearest(inverse * (value - codesMin), 0, fit.largest());
      float difference = scale * l + min - value;
      error += weights[at + i] * (fit.absolute() ? Math.abs(difference) : difference * difference);
    }
    return error;
  }

  @Override
  public void symmetric(
      int run,
      int half,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      byte[] codes) {
    for (int r = 0; r < runs; r++) {
      scales[r] = symmetricRun(run, half, x, from + r * run, weights, r * run, codes);
    }
  }

  private static float symmetricRun(
      int run, int half, float[] x, int from, float[] weights, int at, byte[] codes) {
    float largest = largest(x, from, run);
    if (Math.abs(largest) < Numbers.NOTHING) {
      Arrays.fill(codes, at, at + run, (byte) 0);
      return 0;
    }
    float bestInverse = 0;
    float scale = 0;
    float best = 0;
    for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
      boolean first = trial < -TRIALS; // what is in the middle is tried first
      if (trial == 0) {
        continue;
      }
      float inverse = first ? -half / largest : -(half + 0.1f * trial) / largest;
      float sumLx = 0;
      float sumL2 = 0;
      for (int i = 0; i < run; i++) {
        float value = x[from + i];
        float l = nearest(inverse * value, -half, half - 1);
        float w = weights[at + i];
        sumLx += w * value * l;
        sumL2 += w * l * l;
      }
      if (first || sumL2 > 0 && sumLx * sumLx > best * sumL2) {
        scale = sumL2 == 0 ? 0 : sumLx / sumL2;
        best = scale * sumLx;
        bestInverse = inverse;
      }
    }
    for (int i = 0; i < run; i++) {
      codes[at + i] = (byte) (half + nearest(bestInverse * x[from + i], -half, half - 1));
    }
    return scale;
  }

  /** The weight of largest size, of several the first. */
  static float largest(float[] x, int from, int count) {
    float size = 0;
    float largest = 0;
    for (int i = from; i < from + count; i++) {
      if (Math.abs(x[i]) > size) {
        size = Math.abs(x[i]);
        largest = x[i];
      }
    }
    return largest;
  }

  @Override
  public void descent(
      int run, int half, float[] x, int from, int runs, float[] scales, byte[] codes) {
    for (int r = 0; r < runs; r++) {
      scales[r] = descentRun(run, half, x, from + r * run, codes, r * run);
    }
  }

  private static float descentRun(int run, int half, float[] x, int from, byte[] codes, int at) {
    float largest = largest(x, from, run);
    if (Math.abs(largest) < Numbers.NOTHING) {
      Arrays.fill(codes, at, at + run, (byte) 0);
      return 0;
    }
    float inverse = -half / largest;
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < run; i++) {
      float value = x[from + i];
      float w = value * value;
      int l = nearest(inverse * value, -half, half - 1);
      codes[at + i] = (byte) l;
      sumLx += w * value * l;
      sumL2 += w * l * l;
    }
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      changed = false;
      for (int i = 0; i < run; i++) {
        float value = x[from + i];
        float w = value * value;
        int l = codes[at + i];
        float restLx = sumLx - w * value * l;
        float restL2 = sumL2 - w * l * l;
        int other = nearest(value * restL2 / restLx, -half, half - 1);
        float thisLx = restLx + w * value * other;
        float thisL2 = restL2 + w * other * other;
        if (restLx > 0
            && other != l
            && thisL2 > 0
            && thisLx * thisLx * sumL2 > sumLx * sumLx * thisL2) {
          codes[at + i] = (byte) other;
          sumLx = thisLx;
          sumL2 = thisL2;
          changed = true;
        }
      }
    }
    for (int i = at; i < at + run; i++) {
      codes[i] += (byte) half;
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  @Override
  public void table(float[] x, int from, float[] weights, int runs, float[] scales) {
    for (int r = 0; r < runs; r++) {
      scales[r] = tableRun(x, from + 32 * r, weights, 32 * r);
    }
  }

  private static float tableRun(float[] x, int from, float[] weights, int at) {
    float largest = largest(x, from, 32);
    if (Math.abs(largest) < Numbers.NOTHING) {
      return 0;
    }
    float smallest = Iq4Values.VALUES[0];
    float scale = 0;
    float best = 0;
    for (int trial = -Iq4Values.TRIALS - 1; trial <= Iq4Values.TRIALS; trial++) {
      boolean first = trial < -Iq4Values.TRIALS;
      float inverse = first ? 1 / (-largest / smallest) : (trial + smallest) / largest;
      float sumQx = 0;
      float sumQ2 = 0;
      for (int i = 0; i < 32; i++) {
        float q = Iq4Values.VALUES[Iq4Values.nearest(inverse * x[from + i])];
        float wq = weights[at + i] * q;
        sumQx += wq * x[from + i];
        sumQ2 += wq * q;
      }
      if (first || sumQ2 > 0 && sumQx * sumQx > best * sumQ2) {
        scale = sumQ2 > 0 ? sumQx / sumQ2 : 0;
        best = scale * sumQx;
      }
    }
    return scale;
  }

  @Override
  public void affineCodes(
      int run,
      int largest,
      float[] x,
      int from,
      float[] scales,
      float[] mins,
      int runs,
      byte[] codes) {
    for (int i = 0; i < runs * run; i++) {
      float scale = scales[i / run];
      if (scale != 0) {
        codes[i] = (byte) nearest((x[from + i] + mins[i / run]) / scale, 0, largest);
      }
    }
  }

  @Override
  public void symmetricCodes(
      int run, int half, float[] x, int from, float[] scales, int runs, byte[] codes) {
    for (int i = 0; i < runs * run; i++) {
      float scale = scales[i / run];
      if (scale != 0) {
        codes[i] = (byte) (half + nearest(x[from + i] / scale, -half, half - 1));
      }
    }
  }

  @Override
  public void tableCodes(float[] x, int from, float[] inverses, int runs, byte[] codes) {
    for (int i = 0; i < 32 * runs; i++) {
      codes[i] = (byte) Iq4Values.nearest(inverses[i / 32] * x[from + i]);
    }
  }
}
