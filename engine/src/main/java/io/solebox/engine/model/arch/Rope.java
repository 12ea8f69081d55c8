package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Rotation;
import java.util.Arrays;

/**
 * Rotary position embedding as a file describes it.
 *
 * @param dims leading elements of a head that are turned; even
 * @param theta base of the frequencies
 * @param stretch how it goes beyond the context that it was trained for first
 * @param magnitude factor on sine and cosine, beside that of the stretch
 */
record Rope(int dims, float theta, Stretch stretch, float magnitude) {
  /** Of files that do not say (Su et al., arXiv:2104.09864). */
  static final float USUAL_THETA = 10000;

  /** A way to longer contexts. */
  sealed interface Stretch {}

  /** Positions are divided by {@code factor} (Chen et al., arXiv:2306.15595), 1 for none. */
  record Linear(float factor) implements Stretch {}

  /** Frequencies are divided by numbers that are tensors ({@link LongRope}). */
  record Factors() implements Stretch {}

  /**
   * YaRN (Peng et al., arXiv:2309.00071): slow pairs are divided by {@code factor}, fast ones stay,
   * those between are mixed.
   *
   * @param original context that the model was trained for first, in tokens
   * @param fast turns within it from which on a pair stays as it is
   * @param slow turns within it up to which a pair is divided
   * @param magnitude factor on sine and cosine
   * @param truncated whether pairs begin and end to be mixed at whole numbers, as in every GGUF
   *     file and in most models
   */
  record Yarn(
      float factor, int original, float fast, float slow, float magnitude, boolean truncated)
      implements Stretch {}

  /** Pairs of elements that are turned together. */
  int pairs() {
    return dims / 2;
  }

  /** Without a stretch. */
  Rope plain() {
    return new Rope(dims, theta, new Linear(1), magnitude);
  }

  Rope withTheta(float other) {
    return new Rope(dims, other, stretch, magnitude);
  }

  Rope withStretch(Stretch other) {
    return new Rope(dims, theta, other, magnitude);
  }

  /** The rotation with frequency {@code theta^(-2i/n)} for pair i, stretched. */
  Rotation rotation(Rotation.Pairing pairing) {
    if (stretch instanceof Factors) {
      throw new IllegalArgumentException(
          "the context is stretched by rope_factors_short and rope_factors_long, which are missing");
    }
    float[] ones = new float[pairs()];
    Arrays.fill(ones, 1);
    return rotation(pairing, ones);
  }

  /**
   * As {@link #rotation(Rotation.Pairing)}, with each frequency divided by another number first.
   *
   * @param divisors per pair
   */
  Rotation rotation(Rotation.Pairing pairing, float[] divisors) {
    float[] inverse = new float[pairs()];
    for (int i = 0; i < inverse.length; i++) {
      double plain = Math.pow(theta, -2.0 * i / dims) / divisors[i];
      inverse[i] =
          switch (stretch) {
            case Linear(float factor) -> (float) (plain / factor);
            case Factors _ -> (float) plain;
            case Yarn yarn -> {
              double kept = kept(yarn, i);
              yield (float) (plain * kept + plain / yarn.factor() * (1 - kept));
            }
          };
    }
    float own =
        switch (stretch) {
          case Linear _, Factors _ -> 1;
          case Yarn yarn -> yarn.magnitude();
        };
    return new Rotation(pairing, inverse, magnitude * own);
  }

  /** How much of a pair's own frequency stays, 0 to 1. */
  private double kept(Yarn yarn, int pair) {
    double first = pairOf(yarn.fast(), yarn.original());
    double last = pairOf(yarn.slow(), yarn.original());
    double low = Math.max(0, yarn.truncated() ? Math.floor(first) : first);
    double high = Math.min(dims - 1, yarn.truncated() ? Math.ceil(last) : last);
    double ramp = (pair - low) / Math.max(0.001, high - low);
    return 1 - Math.clamp(ramp, 0, 1);
  }

  /** The pair that turns so often within so many tokens. */
  private double pairOf(double turns, int tokens) {
    return dims * Math.log(tokens / (turns * 2 * Math.PI)) / (2 * Math.log(theta));
  }
}
