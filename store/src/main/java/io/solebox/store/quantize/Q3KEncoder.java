package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#Q3_K}: scales of 16 weights by a search, as 6 bits of the block's own, and
 * codes that follow from these.
 */
final class Q3KEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = 16;
  private static final int RUNS = SIZE / RUN;
  private static final int BYTES = TensorType.Q3_K.blockBytes();
  private static final int LOW_AT = 32;
  private static final int SCALES_AT = 96;
  private static final int D_AT = 108;
  private static final int HALF = 4;
  private static final int SCALE_HALF = 32;
  private static final int BATCH = 64;

  private final Searches searches;
  private final Scratch scratch = new Scratch(BATCH * RUNS, RUN);
  private final float[] roundScales = new float[BATCH * RUNS];
  private final Searches plain = new PlainSearches();
  private final float[] blockScale = new float[1];
  private final float[] blockScales = new float[RUNS];
  private final float[] blockSums = new float[RUNS];
  private final byte[] runScales = new byte[RUNS];

  Q3KEncoder(Searches searches) {
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
    if (importance.isKnown()) {
      weigh(x, from, blocks, cols, importance);
      searches.symmetric(
          RUN, HALF, x, from, scratch.weights(), runs, scratch.scales(), scratch.codes());
    } else {
      searches.descent(RUN, HALF, x, from, runs, scratch.scales(), scratch.codes());
    }
    for (int b = 0; b < blocks; b++) {
      int at = (first + b) * BYTES;
      float scale = importance.isKnown() ? fitScales(b) : shareScales(b);
      float d = Numbers.putHalf(out, at + D_AT, scale);
      putScales(out, at + SCALES_AT);
      for (int r = 0; r < RUNS; r++) {
        roundScales[b * RUNS + r] = d * (runScales[r] - SCALE_HALF);
      }
    }
    searches.symmetricCodes(RUN, HALF, x, from, roundScales, runs, scratch.codes());
    for (int b = 0; b < blocks; b++) {
      putCodes(b * SIZE, out, (first + b) * BYTES);
    }
  }

  private void weigh(float[] x, int from, int blocks, int cols, Importance importance) {
    for (int b = 0; b < blocks; b++) {
      int block = from + b * SIZE;
      float sigma2 = 2 * Numbers.squares(x, block, SIZE) / SIZE;
      importance.weigh(x, block, block % cols, SIZE, sigma2, scratch.weights(), b * SIZE);
      for (int r = 0; r < RUNS; r++) {
        scratch.sums()[b * RUNS + r] = Numbers.sum(scratch.weights(), b * SIZE + r * RUN, RUN);
      }
    }
  }

  private float fitScales(int b) {
    System.arraycopy(scratch.scales(), b * RUNS, blockScales, 0, RUNS);
    System.arraycopy(scratch.sums(), b * RUNS, blockSums, 0, RUNS);
    plain.symmetric(RUNS, SCALE_HALF, blockScales, 0, blockSums, 1, blockScale, runScales);
    return blockScale[0];
  }

  /** The scale of largest size has the smallest integer. */
  private float shareScales(int b) {
    float max = PlainSearches.largest(scratch.scales(), b * RUNS, RUNS);
    float inverse = max == 0 ? 0 : -SCALE_HALF / max;
    for (int r = 0; r < RUNS; r++) {
      byte l = (byte) Numbers.nearest(inverse * scratch.scales()[b * RUNS + r]);
      runScales[r] =
          (byte) (max == 0 ? 0 : Math.clamp(l, -SCALE_HALF, SCALE_HALF - 1) + SCALE_HALF);
    }
    return Numbers.inverse(inverse);
  }

  private void putScales(byte[] out, int at) {
    for (int i = 0; i < 8; i++) {
      out[at + i] = (byte) (runScales[i] & 15 | (runScales[i + 8] & 15) << 4);
    }
    for (int i = 0; i < 4; i++) {
      int top = 0;
      for (int j = 0; j < 4; j++) {
        top |= (runScales[4 * j + i] >>> 4) << 2 * j;
      }
      out[at + 8 + i] = (byte) top;
    }
  }

  private void putCodes(int from, byte[] out, int at) {
    byte[] codes = scratch.codes();
    for (int i = 0; i < 32; i++) {
      int top = 0;
      for (int e = 0; e < 8; e++) {
        top |= (codes[from + 32 * e + i] >>> 2 & 1) << e;
      }
      out[at + i] = (byte) top;
    }
    QuarterBytes.put(codes, from, out, at + LOW_AT);
  }
}
