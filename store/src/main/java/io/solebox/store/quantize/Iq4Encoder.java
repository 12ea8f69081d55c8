package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#IQ4_NL} and {@link TensorType#IQ4_XS}: scales of 32 weights by a search, alone
 * or as 6 bits of the block's own, and the nearest of 16 values.
 */
final class Iq4Encoder implements RowEncoder {
  private static final int RUN = 32;
  private static final int SCALE_HALF = 32;

  /** Runs that are worked on together. */
  private static final int BATCH = 512;

  private final boolean nested;
  private final int size;
  private final int runs;
  private final int bytes;
  private final Searches searches;
  private final Scratch scratch = new Scratch(BATCH, RUN);

  Iq4Encoder(TensorType type, Searches searches) {
    this.size = type.blockSize();
    this.runs = size / RUN;
    this.nested = runs > 1;
    this.bytes = type.blockBytes();
    this.searches = searches;
  }

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    int blocks = rows * cols / size;
    int batch = BATCH / runs;
    for (int first = 0; first < blocks; first += batch) {
      batch(x, first, Math.min(batch, blocks - first), cols, importance, out);
    }
  }

  private void batch(
      float[] x, int first, int blocks, int cols, Importance importance, byte[] out) {
    int from = first * size;
    weigh(x, from, blocks, cols, importance);
    searches.table(x, from, scratch.weights(), blocks * runs, scratch.scales());
    for (int b = 0; b < blocks; b++) {
      int at = (first + b) * bytes;
      if (nested) {
        putScales(b * runs, out, at);
      } else {
        Numbers.putHalf(out, at, scratch.scales()[b]);
        scratch.mins()[b] = Numbers.inverse(scratch.scales()[b]);
      }
    }
    searches.tableCodes(x, from, scratch.mins(), blocks * runs, scratch.codes());
    for (int b = 0; b < blocks; b++) {
      putCodes(b * size, out, (first + b + 1) * bytes - size / 2);
    }
  }

  private void weigh(float[] x, int from, int blocks, int cols, Importance importance) {
    for (int b = 0; b < blocks; b++) {
      int block = from + b * size;
      if (importance.isKnown()) {
        float sigma2 = Numbers.squares(x, block, size) * (2f / size);
        importance.weigh(x, block, block % cols, size, sigma2, scratch.weights(), b * size);
      } else {
        for (int i = 0; i < size; i++) {
          scratch.weights()[b * size + i] = x[block + i] * x[block + i];
        }
      }
    }
  }

  /** The scale of largest size has the smallest integer; keeps the inverse of each. */
  private void putScales(int run, byte[] out, int at) {
    float d = -PlainSearches.largest(scratch.scales(), run, runs) / SCALE_HALF;
    float inverse = Numbers.inverse(d);
    Numbers.putHalf(out, at, d);
    int high = 0;
    int low = 0;
    for (int r = 0; r < runs; r++) {
      int scale = Numbers.nearest(inverse * scratch.scales()[run + r], -SCALE_HALF, SCALE_HALF - 1);
      scratch.mins()[run + r] = Numbers.inverse(d * scale);
      low |= (scale + SCALE_HALF & 15) << 4 * r;
      high |= (scale + SCALE_HALF >>> 4) << 2 * r;
    }
    out[at + 2] = (byte) high;
    out[at + 3] = (byte) (high >>> 8);
    Numbers.putInt(out, at + 4, low);
  }

  private void putCodes(int from, byte[] out, int at) {
    byte[] codes = scratch.codes();
    for (int r = 0; r < runs; r++) {
      int c = from + RUN * r;
      for (int i = 0; i < 16; i++) {
        out[at + 16 * r + i] = (byte) (codes[c + i] | codes[c + 16 + i] << 4);
      }
    }
  }
}
