package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#Q2_K}: scales and minimums of 16 weights by a search, as 4 bits each of the
 * block's own, and codes that follow from these.
 */
final class Q2KEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = 16;
  private static final int RUNS = SIZE / RUN;
  private static final int BYTES = TensorType.Q2_K.blockBytes();
  private static final int D_AT = 80;
  private static final int LARGEST = 3;
  private static final int MOST = 15;
  private static final int BATCH = 64;
  private static final AffineFit PLAIN = new AffineFit(RUN, LARGEST, -0.5f, 0.1f, 15, true);
  private static final AffineFit WEIGHTED = AffineFit.weighted(RUN, LARGEST);

  private final Searches searches;
  private final Scratch scratch = new Scratch(BATCH * RUNS, RUN);
  private final float[] roundScales = new float[BATCH * RUNS];
  private final float[] roundMins = new float[BATCH * RUNS];
  private final int[] runScales = new int[RUNS];
  private final int[] runMins = new int[RUNS];

  Q2KEncoder(Searches searches) {
    this.searches = searches;
  }

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    int blocks = rows * cols / SIZE;
    for (int first = 0; first < blocks; first += BATCH) {
      batch(x, first, Math.min(BATCH, blocks - first), cols, importance, out);
    }
  }

  private void batch(
      float[] x, int first, int blocks, int cols, Importance importance, byte[] out) {
    int from = first * SIZE;
    int runs = blocks * RUNS;
    weigh(x, from, blocks, cols, importance);
    searches.affine(
        importance.isKnown() ? WEIGHTED : PLAIN,
        x,
        from,
        scratch.weights(),
        runs,
        scratch.scales(),
        scratch.mins(),
        scratch.codes());
    for (int b = 0; b < blocks; b++) {
      int at = (first + b) * BYTES;
      float scale;
      float minScale;
      if (importance.isKnown()) {
        scale =
            ScaleFit.positive(MOST, scratch.scales(), scratch.sums(), b * RUNS, RUNS, runScales);
        minScale = ScaleFit.positive(MOST, scratch.mins(), scratch.sums(), b * RUNS, RUNS, runMins);
      } else {
        scale = share(scratch.scales(), b * RUNS, runScales);
        minScale = share(scratch.mins(), b * RUNS, runMins);
      }
      float d = Numbers.putHalf(out, at + D_AT, scale);
      float dmin = Numbers.putHalf(out, at + D_AT + 2, minScale);
      for (int r = 0; r < RUNS; r++) {
        int both = (runScales[r] | runMins[r] << 4) & 0xff;
        out[at + r] = (byte) both;
        roundScales[b * RUNS + r] = d * (both & 15);
        roundMins[b * RUNS + r] = dmin * (both >>> 4);
      }
    }
    searches.affineCodes(RUN, LARGEST, x, from, roundScales, roundMins, runs, scratch.codes());
    for (int b = 0; b < blocks; b++) {
      QuarterBytes.put(scratch.codes(), b * SIZE, out, (first + b) * BYTES + RUNS);
    }
  }

  private void weigh(float[] x, int from, int blocks, int cols, Importance importance) {
    for (int b = 0; b < blocks; b++) {
      int block = from + b * SIZE;
      if (importance.isKnown()) {
        float sigma2 = Numbers.squares(x, block, SIZE) / SIZE;
        importance.weigh(x, block, block % cols, SIZE, sigma2, scratch.weights(), b * SIZE);
        for (int r = 0; r < RUNS; r++) {
          scratch.sums()[b * RUNS + r] = Numbers.sum(scratch.weights(), b * SIZE + r * RUN, RUN);
        }
      } else {
        for (int i = 0; i < SIZE; i++) {
          scratch.weights()[b * SIZE + i] = Math.abs(x[block + i]);
        }
      }
    }
  }

  /** The integers nearest to 15ths of the largest; returns such a 15th. */
  private static float share(float[] values, int from, int[] integers) {
    float max = ScaleFit.max(values, from, RUNS);
    float inverse = max > 0 ? MOST / max : 0;
    for (int r = 0; r < RUNS; r++) {
      integers[r] = max > 0 ? Numbers.nearest(inverse * values[from + r]) & 0xff : 0;
    }
    return max > 0 ? max / MOST : 0;
  }
}
