package io.solebox.store.quantize;

/**
 * What an encoder works with between floats and blocks.
 *
 * @param weights how much each error counts; one for each weight
 * @param codes one for each weight
 * @param scales one for each run
 * @param mins one for each run
 * @param sums of the weights of each run
 */
record Scratch(float[] weights, byte[] codes, float[] scales, float[] mins, float[] sums) {
  Scratch(int runs, int run) {
    this(
        new float[runs * run],
        new byte[runs * run],
        new float[runs],
        new float[runs],
        new float[runs]);
  }

  /** This one, or one that has room for so many. */
  Scratch atLeast(int runs, int run) {
    return scales.length >= runs ? this : new Scratch(runs, run);
  }
}
