package io.solebox.store.quantize;

import static io.solebox.store.quantize.Numbers.nearest;

/** A second level of scales: the scales of a block's runs as small integers with one scale. */
final class ScaleFit {
  private static final int TRIALS = 4;
  private static final int ROUNDS = 5;

  private ScaleFit() {}

  /**
   * Codes from 0 to {@code largest} for values that are mostly positive, each of which counts as
   * much as its weight says; of a negative one, the code is what its low byte says.
   *
   * @param values of which {@code count} from {@code from} on count
   * @param codes bytes, from their start on
   * @return the scale
   */
  static float positive(
      int largest, float[] values, float[] weights, int from, int count, int[] codes) {
    float max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, values[from + i]);
      codes[i] = 0;
    }
    if (max < Numbers.NOTHING) {
      return 0;
    }
    float inverse = bestInverse(largest, max, values, weights, from, count);
    float sumLx = 0;
    float sumL2 = 0;
    for (int i = 0; i < count; i++) {
      int l = Math.min(largest, nearest(inverse * values[from + i]));
      codes[i] = l & 0xff;
      float w = weights[from + i];
      sumLx += w * values[from + i] * l;
      sumL2 += w * l * l;
    }
    boolean changed = true;
    for (int round = 0; round < ROUNDS && changed; round++) {
      changed = false;
      for (int i = 0; i < count; i++) {
        float value = values[from + i];
        float w = weights[from + i];
        float restLx = sumLx - w * value * codes[i];
        float restL2 = sumL2 - w * codes[i] * codes[i];
        if (restLx > 0 && restL2 > 0) {
          int other = Math.min(largest, nearest(value * restL2 / restLx));
          float thisLx = restLx + w * value * other;
          float thisL2 = restL2 + w * other * other;
          if (other != codes[i] && thisLx * thisLx * sumL2 > sumLx * sumLx * thisL2) {
            codes[i] = other & 0xff;
            sumLx = thisLx;
            sumL2 = thisL2;
            changed = true;
          }
        }
      }
    }
    return sumL2 > 0 ? sumLx / sumL2 : 0;
  }

  private static float bestInverse(
      int largest, float max, float[] values, float[] weights, int from, int count) {
    float best = 0;
    float bestInverse = 0;
    for (int trial = -TRIALS - 1; trial <= TRIALS; trial++) {
      boolean first = trial < -TRIALS;
      if (trial == 0) {
        continue;
      }
      float inverse = first ? largest / max : (0.1f * trial + largest) / max;
      float scale = 1 / inverse;
      float error = 0;
      for (int i = 0; i < count; i++) {
        int l = nearest(inverse * values[from + i]);
        l = first ? l & 0xff : Math.min(largest, l);
        float difference = values[from + i] - scale * l;
        error += weights[from + i] * difference * difference;
      }
      if (first || error < best) {
        best = error;
        bestInverse = inverse;
      }
    }
    return bestInverse;
  }

  /** The largest of values that are positive; 0 where none is. */
  static float max(float[] values, int from, int count) {
    float max = 0;
    for (int i = from; i < from + count; i++) {
      max = values[i] > max ? values[i] : max;
    }
    return max;
  }
}
