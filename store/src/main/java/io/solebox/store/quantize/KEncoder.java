package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#Q4_K} and {@link TensorType#Q5_K}: scales and minimums of 32 weights by a
 * search, as 6 bits each of the block's own, and codes that follow from these.
 */
final class KEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = 32;
  private static final int RUNS = SIZE / RUN;
  private static final int SCALES_AT = 4;
  private static final int MOST = 63;

  /** Blocks that are worked on together; what lies between fits the second cache. */
  private static final int BATCH = 64;

  private final boolean fifth;
  private final int bytes;
  private final AffineFit plain;
  private final AffineFit weighted;
  private final Searches searches;
  private final Scratch scratch = new Scratch(BATCH * RUNS, RUN);
  private final float[] roundScales = new float[BATCH * RUNS];
  private final float[] roundMins = new float[BATCH * RUNS];
  private final int[] runScales = new int[RUNS];
  private final int[] runMins = new int[RUNS];

  KEncoder(TensorType type, Searches searches) {
    this.fifth = type == TensorType.Q5_K;
    this.bytes = type.blockBytes();
    this.plain =
        fifth
            ? new AffineFit(RUN, 31, -0.5f, 0.1f, 15, false)
            : new AffineFit(RUN, 15, -1f, 0.1f, 20, false);
    this.weighted = AffineFit.weighted(RUN, plain.largest());
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
        importance.isKnown() ? weighted : plain,
        x,
        from,
        scratch.weights(),
        runs,
        scratch.scales(),
        scratch.mins(),
        scratch.codes());
    for (int b = 0; b < blocks; b++) {
      int at = (first + b) * bytes;
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
      putScales(
          out, at, b, Numbers.putHalf(out, at, scale), Numbers.putHalf(out, at + 2, minScale));
    }
    searches.affineCodes(
        RUN, plain.largest(), x, from, roundScales, roundMins, runs, scratch.codes());
    for (int b = 0; b < blocks; b++) {
      putCodes(b * SIZE, out, (first + b) * bytes);
    }
  }

  /** What errors count: sizes and the root mean square of the run, or importance. */
  private void weigh(float[] x, int from, int blocks, int cols, Importance importance) {
    for (int b = 0; b < blocks; b++) {
      int block = from + b * SIZE;
      if (importance.isKnown()) {
        float sigma2 = 2 * Numbers.squares(x, block, SIZE) / SIZE;
        importance.weigh(x, block, block % cols, SIZE, sigma2, scratch.weights(), b * SIZE);
      }
      for (int r = 0; r < RUNS; r++) {
        int at = b * SIZE + r * RUN;
        if (importance.isKnown()) {
          scratch.sums()[b * RUNS + r] = Numbers.sum(scratch.weights(), at, RUN);
        } else {
          float mean = (float) Math.sqrt(Numbers.squares(x, from + at, RUN) / RUN);
          for (int i = at; i < at + RUN; i++) {
            scratch.weights()[i] = mean + Math.abs(x[from + i]);
          }
        }
      }
    }
  }

  /** The integers nearest to 63rds of the largest; returns such a 63rd. */
  private static float share(float[] values, int from, int[] integers) {
    float max = ScaleFit.max(values, from, RUNS);
    float inverse = max > 0 ? MOST / max : 0;
    for (int r = 0; r < RUNS; r++) {
      integers[r] = Math.min(MOST, Numbers.nearest(inverse * values[from + r]) & 0xff);
    }
    return max / MOST;
  }

  /** Writes the integers of all runs, and keeps what scales and minimums are then. */
  private void putScales(byte[] out, int at, int b, float d, float dmin) {
    int to = at + SCALES_AT;
    for (int r = 0; r < RUNS; r++) {
      int scale = fifth ? Math.min(MOST, runScales[r]) : runScales[r];
      int min = fifth ? Math.min(MOST, runMins[r]) : runMins[r];
      if (r < 4) {
        out[to + r] = (byte) scale;
        out[to + r + 4] = (byte) min;
      } else {
        out[to + r + 4] = (byte) (scale & 15 | (min & 15) << 4);
        out[to + r - 4] |= (byte) (scale >>> 4 << 6);
        out[to + r] |= (byte) (min >>> 4 << 6);
      }
    }
    for (int r = 0; r < RUNS; r++) {
      int low = out[to + r + 4] & 0xff;
      int scale = r < 4 ? out[to + r] & 63 : low & 15 | (out[to + r - 4] & 0xff) >>> 6 << 4;
      int min = r < 4 ? low & 63 : low >>> 4 | (out[to + r] & 0xff) >>> 6 << 4;
      roundScales[b * RUNS + r] = d * scale;
      roundMins[b * RUNS + r] = dmin * min;
    }
  }

  private void putCodes(int from, byte[] out, int at) {
    byte[] codes = scratch.codes();
    int low = at + bytes - SIZE / 2;
    for (int pair = 0; pair < RUNS / 2; pair++) {
      int c = from + 2 * RUN * pair;
      for (int i = 0; i < RUN; i++) {
        out[low + RUN * pair + i] = (byte) (codes[c + i] & 15 | (codes[c + RUN + i] & 15) << 4);
      }
    }
    if (fifth) {
      for (int i = 0; i < RUN; i++) {
        int top = 0;
        for (int r = 0; r < RUNS; r++) {
          top |= (codes[from + RUN * r + i] >>> 4 & 1) << r;
        }
        out[at + 16 + i] = (byte) top;
      }
    }
  }
}
