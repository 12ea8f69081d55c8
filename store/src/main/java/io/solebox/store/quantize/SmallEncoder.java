package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;

/**
 * {@link TensorType#Q4_0} and {@link TensorType#Q5_0} (one scale), {@link TensorType#Q4_1} and
 * {@link TensorType#Q5_1} (scale and minimum): blocks of 32. Importance, where it is known, asks
 * for a search.
 */
final class SmallEncoder implements RowEncoder {
  private static final int SIZE = 32;

  private final boolean minimums;
  private final boolean fifth;
  private final int codes;
  private final int bytes;
  private final Searches searches;
  private Scratch scratch = new Scratch(0, SIZE);

  SmallEncoder(TensorType type, Searches searches) {
    this.minimums = type.family().orElseThrow().scales().hasMinimums();
    this.codes = 1 << type.family().orElseThrow().codes().bits();
    this.fifth = codes == 32;
    this.bytes = type.blockBytes();
    this.searches = searches;
  }

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    int blocks = cols / SIZE;
    scratch = scratch.atLeast(blocks, SIZE);
    for (int row = 0; row < rows; row++) {
      int from = row * cols;
      if (importance.isKnown()) {
        float sigma2 = Numbers.squares(x, from, cols) / cols;
        importance.weigh(x, from, 0, cols, sigma2, scratch.weights(), 0);
        search(x, from, blocks);
      }
      for (int b = 0; b < blocks; b++) {
        int at = (row * blocks + b) * bytes;
        if (!importance.isKnown()) {
          straight(x, from + b * SIZE, b);
        }
        put(b, out, at);
      }
    }
  }

  private void search(float[] x, int from, int blocks) {
    if (minimums) {
      AffineFit fit = AffineFit.weighted(SIZE, codes - 1);
      searches.affine(
          fit,
          x,
          from,
          scratch.weights(),
          blocks,
          scratch.scales(),
          scratch.mins(),
          scratch.codes());
    } else {
      searches.symmetric(
          SIZE, codes / 2, x, from, scratch.weights(), blocks, scratch.scales(), scratch.codes());
    }
  }

  /** Without a search: the largest weight, or the smallest and the largest, have the last codes. */
  private void straight(float[] x, int from, int b) {
    float min = 0;
    float d;
    if (minimums) {
      min = Float.MAX_VALUE;
      float max = -Float.MAX_VALUE;
      for (int i = from; i < from + SIZE; i++) {
        min = x[i] < min ? x[i] : min;
        max = x[i] > max ? x[i] : max;
      }
      d = (max - min) / (codes - 1);
    } else {
      d = PlainSearches.largest(x, from, SIZE) / -(codes / 2);
    }
    float half = minimums ? 0.5f : codes / 2 + 0.5f;
    float inverse = Numbers.inverse(d);
    for (int i = 0; i < SIZE; i++) {
      int code = (byte) Numbers.truncate((x[from + i] - min) * inverse + half);
      scratch.codes()[b * SIZE + i] = (byte) Math.min(codes - 1, code);
    }
    scratch.scales()[b] = d;
    scratch.mins()[b] = -min;
  }

  private void put(int b, byte[] out, int at) {
    Numbers.putHalf(out, at, scratch.scales()[b]);
    int low = at + 2;
    if (minimums) {
      Numbers.putHalf(out, low, -scratch.mins()[b]);
      low += 2;
    }
    byte[] c = scratch.codes();
    int from = b * SIZE;
    if (fifth) {
      int top = 0;
      for (int i = 0; i < SIZE; i++) {
        top |= (c[from + i] >>> 4 & 1) << i;
      }
      Numbers.putInt(out, low, top);
      low += Integer.BYTES;
    }
    for (int i = 0; i < SIZE / 2; i++) {
      out[low + i] = (byte) (c[from + i] & 15 | (c[from + SIZE / 2 + i] & 15) << 4);
    }
  }
}
