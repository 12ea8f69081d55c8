package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * What happens to the scores of one row in one split of positions before values are weighed by
 * them. Hidden scores are minus infinity and stay that.
 *
 * @param softCap scores s become {@code cap * tanh(s / cap)}
 * @param sinks per query head a score that is no position's; empty for none
 * @param slopes per query head what a score loses per position of distance; empty for none
 */
record SplitSoftmax(Optional<Float> softCap, float[] sinks, float[] slopes) {
  /**
   * Caps scores and takes off what the distance costs.
   *
   * @param from index of the first, to that behind the last; a multiple of L apart
   * @param distance from the token to the position of the first score, negative where it is earlier
   * @return the highest of them
   */
  float prepare(float[] scores, int from, int to, int distance, int head, boolean plain) {
    softCap.ifPresent(cap -> limit(scores, from, to, cap));
    if (slopes.length > 0) {
      lean(scores, from, to, distance, slopes[head]);
    }
    return plain ? Plain.max(scores, from, to) : max(scores, from, to);
  }

  private static void limit(float[] scores, int from, int to, float cap) {
    for (int i = from; i < to; i++) {
      boolean hidden = scores[i] == Float.NEGATIVE_INFINITY;
      scores[i] = hidden ? scores[i] : cap * Plain.tanh(scores[i] / cap);
    }
  }

  private static void lean(float[] scores, int from, int to, int distance, float slope) {
    for (int i = from; i < to; i++) {
      scores[i] -= slope * Math.abs(distance + i - from);
    }
  }

  private static float max(float[] a, int from, int to) {
    FloatVector max = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int i = from; i < to; i += L) {
      max = max.max(Lanes.floats(a, i));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /** Replaces each by {@code e^(score - max)} and returns their sum. */
  static float weigh(float[] scores, int from, int to, float max, boolean plain) {
    return plain ? Plain.expSum(scores, from, to, max) : expSum(scores, from, to, max);
  }

  private static float expSum(float[] a, int from, int to, float max) {
    FloatVector sums = Lanes.zero();
    for (int i = from; i < to; i += L) {
      FloatVector p = Lanes.exp(Lanes.floats(a, i).sub(max));
      p.intoArray(a, i);
      sums = sums.add(p);
    }
    return Lanes.sum(sums);
  }

  /** What divides the weighted values; a sink takes part, and so may be the highest score. */
  float divisor(int head, float max, float sum) {
    if (sinks.length == 0) {
      return sum;
    }
    float highest = Math.max(max, sinks[head]);
    float ours = Plain.exp(max - highest);
    return (sum * ours + Plain.exp(sinks[head] - highest)) / ours;
  }
}
