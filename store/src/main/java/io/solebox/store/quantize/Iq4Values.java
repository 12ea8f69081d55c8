package io.solebox.store.quantize;

import io.solebox.engine.tensor.Codebook;
import io.solebox.engine.tensor.TensorType;

/** The 16 values of {@code IQ4_NL} and {@code IQ4_XS}, and which is nearest. */
final class Iq4Values {
  static final int COUNT = 16;
  static final float[] VALUES = new float[COUNT];

  /** Twice the middle between a value and the one before it; the first has none. */
  static final float[] BOUNDS = new float[COUNT];

  /** Around the scale that the weight of largest size asks for, on either side. */
  static final int TRIALS = 7;

  static {
    Codebook codes = TensorType.IQ4_NL.family().orElseThrow().codes();
    for (int i = 0; i < COUNT; i++) {
      VALUES[i] = codes.value(i);
      BOUNDS[i] = i == 0 ? Float.NEGATIVE_INFINITY : VALUES[i - 1] + VALUES[i];
    }
  }

  private Iq4Values() {}

  /** The number of the value that is nearest, of two the larger. */
  static int nearest(float x) {
    float twice = x + x;
    int index = 0;
    for (int step = COUNT / 2; step > 0; step /= 2) {
      if (twice >= BOUNDS[index + step]) {
        index += step;
      }
    }
    return index;
  }
}
