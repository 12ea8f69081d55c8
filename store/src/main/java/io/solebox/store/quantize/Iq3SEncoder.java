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
  private static final int RUN = 32;
  private static final int RUNS = SIZE / RUN;
  private static final int VECTOR = 4;
  private static final int VECTORS = RUN / VECTOR;
  private static final int BYTES = TensorType.IQ3_S.blockBytes();
  private static final int NUMBERS_AT = 2;
  private static final int NINTH_AT = 66;
  private static final int SIGNS_AT = 74;
  private static final int SCALES_AT = 106;
  private static final int LARGEST = 7;
  private static final int TOP = 2 * LARGEST + 1;
  private static final int TRIALS = 9;

  private final Iq3Neighbours grid = Iq3Neighbours.ofIq3S();
  private final float[] weights = new float[RUN];
  private final float[] rootWeights = new float[RUN];
  private final float[] sizes = new float[RUN];
  private final int[] trial = new int[VECTORS];
  private final int[] vectors = new int[VECTORS];
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
          importance.weigh(x, run, run % cols, RUN, sigma2, weights, 0);
        } else {
          for (int i = 0; i < RUN; i++) {
            weights[i] = x[run + i] * x[run + i];
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
      rootWeights[i] = (float) Math.sqrt(weights[i]);
      boolean negative = !(x[from + i] >= 0);
      sizes[i] = negative ? -x[from + i] : x[from + i];
      signs |= negative ? 1 << i : 0;
      max = Math.max(max, sizes[i]);
    }
    scales[r] = 0;
    if (max == 0) {
      return;
    }
    scales[r] = search(max);
    if (scales[r] < 0) {
      scales[r] = -scales[r];
      signs = ~signs;
    }
    for (int k = 0; k < VECTORS; k++) {
      int number = VECTORS * r + k;
      out[at + NUMBERS_AT + number] = (byte) vectors[k];
      out[at + NINTH_AT + number / 8] |= (byte) (vectors[k] >>> 8 << number % 8);
    }
    Numbers.putInt(out, at + SIGNS_AT + VECTOR * r, signs);
  }

  /** Leaves the vectors, and returns their scale. */
  private float search(float max) {
    float best = 0;
    float scale = max / TOP;
    boolean allOnGrid = false;
    Arrays.fill(vectors, grid.near(0)[0]);
    for (int t = -TRIALS; t <= TRIALS; t++) {
      float inverse = (TOP + t * 0.2f) / max;
      boolean onGrid = place(inverse, 1 / inverse, trial);
      float sumQx = sumQx(trial);
      float sumQ2 = sumQ2(trial);
      if (sumQ2 > 0 && sumQx * sumQx > best * sumQ2) {
        scale = sumQx / sumQ2;
        best = scale * sumQx;
        allOnGrid = onGrid;
        System.arraycopy(trial, 0, vectors, 0, VECTORS);
      }
    }
    if (!allOnGrid && scale > 0) {
      place(1 / scale, scale, vectors);
      float sumQ2 = sumQ2(vectors);
      if (sumQ2 > 0) {
        scale = sumQx(vectors) / sumQ2;
      }
    }
    return scale;
  }

  /** Finds a vector for each four weights; returns whether each was the one that they ask for. */
  private boolean place(float inverse, float scale, int[] to) {
    boolean onGrid = true;
    for (int k = 0; k < VECTORS; k++) {
      int point = 0;
      for (int i = 0; i < VECTOR; i++) {
        float value = 0.5f * (inverse * sizes[VECTOR * k + i] - 1);
        point |= nearest(value, 0, LARGEST) << 3 * i;
      }
      short[] near = grid.near(point);
      boolean here = grid.point(near[0]) == point;
      onGrid &= here;
      to[k] = here ? near[0] : nearestOf(near, VECTOR * k, scale);
    }
    return onGrid;
  }

  private int nearestOf(short[] near, int from, float scale) {
    float best = Float.MAX_VALUE;
    int nearest = near[0];
    for (short vector : near) {
      int point = grid.point(vector);
      float distance = 0;
      for (int i = 0; i < VECTOR; i++) {
        float difference = scale * value(point, i) - sizes[from + i];
        distance += rootWeights[from + i] * difference * difference;
      }
      if (distance < best) {
        best = distance;
        nearest = vector;
      }
    }
    return nearest;
  }

  private static float value(int point, int i) {
    return 2 * Iq3Neighbours.level(point, i) + 1;
  }

  private float sumQx(int[] of) {
    float sum = 0;
    for (int i = 0; i < RUN; i++) {
      sum += weights[i] * sizes[i] * value(grid.point(of[i / VECTOR]), i % VECTOR);
    }
    return sum;
  }

  private float sumQ2(int[] of) {
    float sum = 0;
    for (int i = 0; i < RUN; i++) {
      float q = value(grid.point(of[i / VECTOR]), i % VECTOR);
      sum += weights[i] * q * q;
    }
    return sum;
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
