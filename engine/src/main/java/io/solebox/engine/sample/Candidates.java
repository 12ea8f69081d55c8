package io.solebox.engine.sample;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The tokens among which a draw chooses, best first, with their logits. Filters shorten the list;
 * the arrays are reused from token to token.
 */
final class Candidates {
  private int[] ids = new int[64];
  private float[] logits = new float[64];
  private long[] keys = new long[64];
  private int count;
  private double[] weights = new double[64];
  private double mass; // sum of exp(logit - best) of all tokens this list stands for

  int count() {
    return count;
  }

  int id(int i) {
    return ids[i];
  }

  float logit(int i) {
    return logits[i];
  }

  /** Takes over candidates that a backend found, best first. */
  void set(int[] fromIds, float[] fromLogits, int n) {
    ensure(n);
    System.arraycopy(fromIds, 0, ids, 0, n);
    System.arraycopy(fromLogits, 0, logits, 0, n);
    count = n;
    sumMass();
  }

  /** The candidates are the best of a vocabulary whose log of the sum of exp is this. */
  void standFor(double logSumExp) {
    mass = Math.exp(logSumExp - logits[0]);
  }

  /** Leaves out what must not be chosen at all. */
  void dropBanned() {
    while (count > 0 && logits[count - 1] == Float.NEGATIVE_INFINITY) {
      count--;
    }
  }

  /**
   * All whose logit is at least {@code threshold}, sorted: best first, ties by id.
   *
   * @param massOfAll sum of exp(logit - best) of the whole vocabulary, for which the list stands
   */
  void gather(MemorySegment all, int vocab, double threshold, double massOfAll) {
    int n = 0;
    for (int i = 0; i < vocab; i++) {
      float l = all.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      if (l >= threshold) {
        if (n == keys.length) {
          keys = Arrays.copyOf(keys, Math.min(vocab, 4 * n));
        }
        keys[n++] = sortKey(l, i);
      }
    }
    Arrays.sort(keys, 0, n);
    ensure(n);
    for (int i = 0; i < n; i++) {
      ids[i] = (int) keys[i];
      logits[i] = all.getAtIndex(ValueLayout.JAVA_FLOAT, ids[i]);
    }
    count = n;
    mass = massOfAll;
  }

  /** Ascending keys are descending logits, then ascending ids. */
  private static long sortKey(float logit, int id) {
    int bits = Float.floatToIntBits(logit);
    int ascending = bits ^ ((bits >> 31) & 0x7fffffff);
    return ((long) ~ascending << 32) | id;
  }

  /** Keeps the {@code n} best, at least one; from here on probabilities are among them. */
  void truncate(int n) {
    int kept = Math.min(count, Math.max(1, n));
    if (kept < count) {
      count = kept;
      sumMass();
    }
  }

  /** Drops what the list stands for but does not hold. */
  void close() {
    sumMass();
  }

  private void sumMass() {
    mass = 0;
    for (int i = 0; i < count; i++) {
      mass += Math.exp(logits[i] - logits[0]);
    }
  }

  /** Probability of candidate {@code i} at temperature 1. */
  private double probability(int i) {
    return Math.exp(logits[i] - logits[0]) / mass;
  }

  /**
   * Draws with the candidates' probabilities at {@code temperature}; {@code u} is uniform in [0,
   * 1).
   */
  int draw(double temperature, double u) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      weights[i] = Math.exp((logits[i] - logits[0]) / temperature);
      sum += weights[i];
    }
    double left = u * sum;
    for (int i = 0; i < count - 1; i++) {
      left -= weights[i];
      if (left < 0) {
        return ids[i];
      }
    }
    return ids[count - 1];
  }

  /** Keeps the smallest beginning whose probabilities reach {@code share}. */
  void keepTopP(double share) {
    double sum = 0;
    int n = 0;
    while (n < count && sum < share) {
      sum += probability(n++);
    }
    truncate(n);
    close();
  }

  /** Drops what is less likely than {@code share} of the best. */
  void keepMinP(double share) {
    double threshold = logits[0] + Math.log(share);
    int n = 0;
    while (n < count && logits[n] >= threshold) {
      n++;
    }
    truncate(n);
    close();
  }

  /** Keeps those whose surprise is nearest to the entropy, until they reach {@code share}. */
  void keepTypical(double share) {
    double[] p = new double[count];
    Arrays.setAll(p, this::probability);
    double entropy = 0;
    for (double x : p) {
      entropy -= x > 0 ? x * Math.log(x) : 0;
    }
    Integer[] order = new Integer[count];
    Arrays.setAll(order, i -> i);
    double h = entropy;
    Arrays.sort(
        order,
        (a, b) -> Double.compare(Math.abs(-Math.log(p[a]) - h), Math.abs(-Math.log(p[b]) - h)));
    boolean[] kept = new boolean[count];
    double sum = 0;
    for (int i = 0; i < count && (i == 0 || sum < share); i++) {
      kept[order[i]] = true;
      sum += p[order[i]];
    }
    compact(kept);
  }

  private void compact(boolean[] kept) {
    int n = 0;
    for (int i = 0; i < count; i++) {
      if (kept[i]) {
        ids[n] = ids[i];
        logits[n++] = logits[i];
      }
    }
    count = n;
    sumMass();
  }

  private void ensure(int n) {
    if (ids.length < n) {
      ids = new int[n];
      logits = new float[n];
      weights = new double[n];
    }
  }
}
