package io.solebox.store.quantize;

/**
 * A search for scale and minimum of runs: steps {@code 0..steps} begin at an inverse scale of
 * {@code (largest + first + step * width) / (max - min)}.
 *
 * @param run weights of a run
 * @param largest code; the smallest is 0
 * @param absolute whether errors count by their size, and not by its square
 */
record AffineFit(int run, int largest, float first, float width, int steps, boolean absolute) {
  /** The search that all formats with minimums use where importance is known. */
  static AffineFit weighted(int run, int largest) {
    return new AffineFit(run, largest, -0.9f, 0.05f, 36, false);
  }

  float inverseScale(int step, float range) {
    return (first + width * step + largest) / range;
  }
}
