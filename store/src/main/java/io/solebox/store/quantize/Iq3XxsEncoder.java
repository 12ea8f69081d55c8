package io.solebox.store.quantize;

import static io.solebox.store.quantize.Numbers.nearest;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;

/**
 * {@link TensorType#IQ3_XXS}: four weights become a vector of the grid; of eight signs seven are
 * kept, and their product is positive, so that the weight that matters least may get the wrong one;
 * scales of 32 weights by a search, as four bits beside the signs.
 */
final class Iq3XxsEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = Iq3Search.RUN;
  private static final int RUNS = SIZE / RUN;
  private static final int VECTORS = Iq3Search.VECTORS;
  private static final int SIGNED = 8;
  private static final int BYTES = TensorType.IQ3_XXS.blockBytes();
  private static final int NUMBERS_AT = 2;
  private static final int SIGNS_AT = 66;
  private static final int TRIALS = 15;

  /** Runs of less than this count as zeros. */
  private static final float NOTHING = 1e-8f;

  private final Iq3Search search = new Iq3Search(Iq3Neighbours.ofIq3Xxs(), TRIALS, true);
  private final float[] scales = new float[RUNS];
  private final int[] signs = new int[RUNS];

  @Override
  public void encode(float[] x, int rows, int cols, Importance importance, byte[] out) {
    for (int block = 0; block < rows * cols / SIZE; block++) {
      int from = block * SIZE;
      int at = block * BYTES;
      Arrays.fill(out, at, at + BYTES, (byte) 0);
      float sigma2 = 2 * Numbers.squares(x, from, SIZE) / SIZE;
      for (int r = 0; r < RUNS; r++) {
        int run = from + r * RUN;
        if (importance.isKnown()) {
          importance.weigh(x, run, run % cols, RUN, sigma2, search.weights, 0);
        } else {
          for (int i = 0; i < RUN; i++) {
            search.weights[i] = x[run + i] * x[run + i];
          }
        }
        encodeRun(x, run, r, out, at);
      }
      putScales(out, at);
    }
  }

  private void encodeRun(float[] x, int from, int r, byte[] out, int at) {
    int all = 0;
    for (int k = 0; k < RUN / SIGNED; k++) {
      all |= signs(x, from, SIGNED * k) << (SIGNED - 1) * k;
    }
    float max = search.sizes[0];
    for (float size : search.sizes) {
      max = Math.max(max, size);
    }
    scales[r] = 0;
    signs[r] = 0;
    if (max < NOTHING) {
      return;
    }
    scales[r] = search.run(max);
    signs[r] = all;
    for (int k = 0; k < VECTORS; k++) {
      out[at + NUMBERS_AT + VECTORS * r + k] = (byte) search.vectors[k];
    }
  }

  /** Leaves the sizes of eight weights; returns seven signs, from which the eighth follows. */
  private int signs(float[] x, int from, int at) {
    int found = 0;
    for (int i = 0; i < SIGNED; i++) {
      float value = x[from + at + i];
      boolean negative = !(value >= 0);
      search.sizes[at + i] = negative ? -value : value;
      found |= negative ? 1 << i : 0;
    }
    if (Integer.bitCount(found) % 2 != 0) {
      int least = 0;
      for (int i = 1; i < SIGNED; i++) {
        least = matters(x, from, at + i) < matters(x, from, at + least) ? i : least;
      }
      search.sizes[at + least] = -search.sizes[at + least];
      found ^= 1 << least;
    }
    return found & (1 << SIGNED - 1) - 1;
  }

  private float matters(float[] x, int from, int i) {
    return search.weights[i] * x[from + i] * x[from + i];
  }

  private void putScales(byte[] out, int at) {
    float max = ScaleFit.max(scales, 0, RUNS);
    if (max == 0) {
      Arrays.fill(out, at, at + BYTES, (byte) 0);
      return;
    }
    float d = max / 31;
    Numbers.putHalf(out, at, d * 1.0125f); // found by trying, says the reference
    float inverse = 1 / d;
    for (int r = 0; r < RUNS; r++) {
      int scale = nearest(0.5f * (inverse * scales[r] - 1), 0, 15);
      Numbers.putInt(out, at + SIGNS_AT + Integer.BYTES * r, signs[r] | scale << 28);
    }
  }
}
