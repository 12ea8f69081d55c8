package io.solebox.store.quantize;

import static io.solebox.store.quantize.Numbers.nearest;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;

/**
 * {@link TensorType#IQ3_S}: four weights become a vector of the grid and their signs; scales of 32
 * weights by a search, as four bits of the block's own.
 */
final class Iq3SEncoder implements RowEncoder {
  private static final int SIZE = 256;
  private static final int RUN = Iq3Search.RUN;
  private static final int RUNS = SIZE / RUN;
  private static final int VECTOR = Iq3Search.VECTOR;
  private static final int VECTORS = Iq3Search.VECTORS;
  private static final int BYTES = TensorType.IQ3_S.blockBytes();
  private static final int NUMBERS_AT = 2;
  private static final int NINTH_AT = 66;
  private static final int SIGNS_AT = 74;
  private static final int SCALES_AT = 106;
  private static final int TRIALS = 9;

  private final Iq3Search search = new Iq3Search(Iq3Neighbours.ofIq3S(), TRIALS, false);
  private final float[] scales = new float[RUNS];

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
    int signs = 0;
    float max = 0;
    for (int i = 0; i < RUN; i++) {
      boolean negative = !(x[from + i] >= 0);
      search.sizes[i] = negative ? -x[from + i] : x[from + i];
      signs |= negative ? 1 << i : 0;
      max = Math.max(max, search.sizes[i]);
    }
    scales[r] = 0;
    if (max == 0) {
      return;
    }
    scales[r] = search.run(max);
    if (scales[r] < 0) {
      scales[r] = -scales[r];
      signs = ~signs;
    }
    for (int k = 0; k < VECTORS; k++) {
      int number = VECTORS * r + k;
      out[at + NUMBERS_AT + number] = (byte) search.vectors[k];
      out[at + NINTH_AT + number / 8] |= (byte) (search.vectors[k] >>> 8 << number % 8);
    }
    Numbers.putInt(out, at + SIGNS_AT + VECTOR * r, signs);
  }

  private void putScales(byte[] out, int at) {
    float max = ScaleFit.max(scales, 0, RUNS);
    if (max == 0) {
      return;
    }
    float d = max / 31;
    Numbers.putHalf(out, at, d * 1.033f); // found by trying, says the reference
    float inverse = 1 / d;
    for (int r = 0; r < RUNS; r++) {
      int scale = nearest(0.5f * (inverse * scales[r] - 1), 0, 15);
      out[at + SCALES_AT + r / 2] |= (byte) (scale << 4 * (r % 2));
    }
  }
}
