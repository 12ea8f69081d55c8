package io.solebox.app.bench;

/** Llama 3.1's scaling of rotary frequencies (config.json, rope_scaling). */
final class LlamaRope {
  private static final double FACTOR = 32;
  private static final double LOW_FREQUENCY = 1;
  private static final double HIGH_FREQUENCY = 4;
  private static final double ORIGINAL_CONTEXT = 8192;

  private LlamaRope() {}

  /** What each pair's frequency is divided by. */
  static float[] divisors(SynthShape shape) {
    float[] divisors = new float[shape.headDim / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(shape.ropeBase, -2.0 * i / shape.headDim);
      double turns = ORIGINAL_CONTEXT * frequency / (2 * Math.PI);
      double keep = (turns - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
      double share = Math.clamp(keep, 0, 1);
      divisors[i] = (float) (1 / ((1 - share) / FACTOR + share));
    }
    return divisors;
  }
}
