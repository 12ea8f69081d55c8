package io.solebox.store.quantize;

/**
 * Searches for the scales of many runs of neighbouring weights, each by itself, and the codes that
 * follow from scales (ggml-org/llama.cpp: ggml/src/ggml-quants.c describes them in C). Runs lie one
 * after the other; {@code x} from {@code from} on, everything else from its start on. Has scratch:
 * for one thread at a time.
 */
interface Searches {
  /**
   * Codes {@code c} from 0 on that stand for {@code scale * c - min}: least squares (or least sums)
   * of {@code w (scale c - min - x)}, with {@code min >= 0}.
   *
   * @param weights how much each error counts
   */
  void affine(
      AffineFit fit,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      float[] mins,
      byte[] codes);

  /**
   * Codes {@code c} that stand for {@code scale * (c - half)}, from 0 to {@code 2 half - 1}, for 19
   * scales around the one that gives the weight of largest size its end of the codes.
   */
  void symmetric(
      int run,
      int half,
      float[] x,
      int from,
      float[] weights,
      int runs,
      float[] scales,
      byte[] codes);

  /** The same codes; from the first scale, codes are changed one by one while that helps. */
  void descent(int run, int half, float[] x, int from, int runs, float[] scales, byte[] codes);

  /**
   * Scales for the values of {@link Iq4Values}, runs of 32: 15 and one around the largest weight's.
   */
  void table(float[] x, int from, float[] weights, int runs, float[] scales);

  /** {@code (x + min) / scale} to nearest; a run whose scale is 0 keeps its codes. */
  void affineCodes(
      int run,
      int largest,
      float[] x,
      int from,
      float[] scales,
      float[] mins,
      int runs,
      byte[] codes);

  /** {@code x / scale + half} to nearest; a run whose scale is 0 keeps its codes. */
  void symmetricCodes(
      int run, int half, float[] x, int from, float[] scales, int runs, byte[] codes);

  /** Numbers of the values nearest to {@code x * inverse}, runs of 32. */
  void tableCodes(float[] x, int from, float[] inverses, int runs, byte[] codes);
}
