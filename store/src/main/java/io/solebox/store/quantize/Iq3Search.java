package io.solebox.store.quantize;

import static io.solebox.store.quantize.Numbers.nearest;

import java.util.Arrays;

/**
 * Finds vectors of a grid, and their one scale, for 32 sizes of weights: tries scales around the
 * largest, and takes the one of least error. Has scratch: for one thread at a time.
 */
final class Iq3Search {
  static final int RUN = 32;

  /** Weights of a vector. */
  static final int VECTOR = 4;

  static final int VECTORS = RUN / VECTOR;

  private static final int LARGEST = 7;
  private static final int ALL = (1 << VECTORS) - 1;
  private static final int TOP = 2 * LARGEST + 1;

  private final Iq3Neighbours grid;
  private final int trials;
  private final boolean keepsExact;
  private final float[] rootWeights = new float[RUN];
  private final int[] trial = new int[VECTORS];

  /** How much each error counts; to be set. */
  final float[] weights = new float[RUN];

  /** Weights without signs; to be set. */
  final float[] sizes = new float[RUN];

  /** What is found. */
  final int[] vectors = new int[VECTORS];

  /**
   * @param trials scales on each side of the largest that are tried
   * @param keepsExact whether vectors that are what weights ask for stay when the scale is found
   */
  Iq3Search(Iq3Neighbours grid, int trials, boolean keepsExact) {
    this.grid = grid;
    this.trials = trials;
    this.keepsExact = keepsExact;
  }

  /**
   * Leaves the vectors, and returns their scale.
   *
   * @param max the largest size
   */
  float run(float max) {
    for (int i = 0; i < RUN; i++) {
      rootWeights[i] = (float) Math.sqrt(weights[i]);
    }
    float best = 0;
    float scale = max / TOP;
    int exact = 0;
    Arrays.fill(vectors, grid.near(0)[0]);
    for (int t = -trials; t <= trials; t++) {
      float inverse = (TOP + t * 0.2f) / max;
      int exactTrial = place(inverse, 1 / inverse, 0, trial);
      float sumQx = sumQx(trial);
      float sumQ2 = sumQ2(trial);
      if (sumQ2 > 0 && sumQx * sumQx > best * sumQ2) {
        scale = sumQx / sumQ2;
        best = scale * sumQx;
        exact = exactTrial;
        System.arraycopy(trial, 0, vectors, 0, VECTORS);
      }
    }
    if (exact != ALL && scale > 0) {
      place(1 / scale, scale, keepsExact ? exact : 0, vectors);
      float sumQ2 = sumQ2(vectors);
      if (sumQ2 > 0) {
        scale = sumQx(vectors) / sumQ2;
      }
    }
    return scale;
  }

  /**
   * Finds a vector for each four weights.
   *
   * @param kept bits of vectors that stay
   * @return bits of those that are what the weights ask for
   */
  private int place(float inverse, float scale, int kept, int[] to) {
    int exact = kept;
    for (int k = 0; k < VECTORS; k++) {
      if ((kept >>> k & 1) != 0) {
        continue;
      }
      int point = 0;
      for (int i = 0; i < VECTOR; i++) {
        float value = 0.5f * (inverse * sizes[VECTOR * k + i] - 1);
        point |= nearest(value, 0, LARGEST) << 3 * i;
      }
      short[] near = grid.near(point);
      boolean here = grid.point(near[0]) == point;
      exact |= here ? 1 << k : 0;
      to[k] = here ? near[0] : nearestOf(near, VECTOR * k, scale);
    }
    return exact;
  }

  private int nearestOf(short[] near, int from, float scale) {
    float best = Float.MAX_VALUE;
    int nearest = near[0];
    for (short vector : near) {
      int point = grid.point(vector);
      float distance = 0;
      for (int i = 0; i < VECTOR; i++) {
        float difference = scale * value(point, i) - sizes[from + i];
        distance += rootWeights[from + i] * difference * difference;
      }
      if (distance < best) {
        best = distance;
        nearest = vector;
      }
    }
    return nearest;
  }

  private static float value(int point, int i) {
    return 2 * Iq3Neighbours.level(point, i) + 1;
  }

  private float sumQx(int[] of) {
    float sum = 0;
    for (int i = 0; i < RUN; i++) {
      sum += weights[i] * sizes[i] * value(grid.point(of[i / VECTOR]), i % VECTOR);
    }
    return sum;
  }

  private float sumQ2(int[] of) {
    float sum = 0;
    for (int i = 0; i < RUN; i++) {
      float q = value(grid.point(of[i / VECTOR]), i % VECTOR);
      sum += weights[i] * q * q;
    }
    return sum;
  }
}
