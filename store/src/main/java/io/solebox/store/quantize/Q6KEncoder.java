package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;

/**
 * {@link TensorType#Q6_K}: scales of 16 weights by a search, as 8 bits of the block's own, and
 * codes that follow from these.
 */
final class Q6KEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = 16;
  private static final int RUNS = SIZE / RUN;
  private static final int BYTES = TensorType.Q6_K.blockBytes();
  private static final int TOP_AT = 128;
  private static final int SCALES_AT = 192;
  private static final int D_AT = 208;
  private static final int HALF = 32;
  private static final int BATCH = 64;

  private final Searches searches;
  private final Scratch scratch = new Scratch(BATCH * RUNS, RUN);
  private final float[] roundScales = new float[BATCH * RUNS];

  Q6KEncoder(Searches searches) {
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
    searches.symmetric(
        RUN, HALF, x, from, scratch.weights(), runs, scratch.scales(), scratch.codes());
    for (int b = 0; b < blocks; b++) {
      putScales(b, out, (first + b) * BYTES);
    }
    searches.symmetricCodes(RUN, HALF, x, from, roundScales, runs, scratch.codes());
    for (int b = 0; b < blocks; b++) {
      putCodes(b * SIZE, out, (first + b) * BYTES);
    }
  }

  /** Importance counts alone here, without sizes. */
  private void weigh(float[] x, int from, int blocks, int cols, Importance importance) {
    float[] weights = scratch.weights();
    if (!importance.isKnown()) {
      for (int i = 0; i < blocks * SIZE; i++) {
        weights[i] = x[from + i] * x[from + i];
      }
      return;
    }
    for (int b = 0; b < blocks; b++) {
      int column = importance.from() + (from + b * SIZE) % cols;
      System.arraycopy(importance.columns(), column, weights, b * SIZE, SIZE);
    }
  }

  /** The scale of largest size has the smallest integer; where all are nothing, so are codes. */
  private void putScales(int b, byte[] out, int at) {
    float max = PlainSearches.largest(scratch.scales(), b * RUNS, RUNS);
    boolean nothing = Math.abs(max) < Numbers.NOTHING;
    float inverse = nothing ? 0 : -128f / max;
    float d = Numbers.putHalf(out, at + D_AT, Numbers.inverse(inverse));
    for (int r = 0; r < RUNS; r++) {
      int run = b * RUNS + r;
      byte scale = (byte) Math.min(127, Numbers.nearest(inverse * scratch.scales()[run]));
      out[at + SCALES_AT + r] = nothing ? 0 : scale;
      roundScales[run] = d * out[at + SCALES_AT + r];
    }
    if (nothing) {
      Arrays.fill(scratch.codes(), b * SIZE, (b + 1) * SIZE, (byte) 0);
    }
  }

  private void putCodes(int from, byte[] out, int at) {
    byte[] codes = scratch.codes();
    for (int half = 0; half < 2; half++) {
      int c = from + 128 * half;
      for (int i = 0; i < 32; i++) {
        int first = codes[c + i];
        int second = codes[c + 32 + i];
        int third = codes[c + 64 + i];
        int fourth = codes[c + 96 + i];
        out[at + 64 * half + i] = (byte) (first & 15 | (third & 15) << 4);
        out[at + 64 * half + 32 + i] = (byte) (second & 15 | (fourth & 15) << 4);
        out[at + TOP_AT + 32 * half + i] =
            (byte) (first >> 4 | second >> 4 << 2 | third >> 4 << 4 | fourth >> 4 << 6);
      }
    }
  }
}
