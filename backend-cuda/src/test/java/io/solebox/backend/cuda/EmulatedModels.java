package io.solebox.backend.cuda;

import io.solebox.testkit.ModelConformance;
import org.junit.jupiter.api.Tag;

/**
 * Whole models on an emulated GPU. It imitates every instruction of every thread, so one model
 * alone gets the long prompt; ops, steps and kernels have long ones of their own.
 */
@Tag("slow")
abstract class EmulatedModels extends ModelConformance {
  private static final String THOROUGH = "qwen3-f32";

  @Override
  protected boolean quantizesActivations() {
    return true;
  }

  @Override
  protected boolean offersF32Activations() {
    return false;
  }

  @Override
  protected int longestPrompt(String weights) {
    return weights.equals(THOROUGH) ? Integer.MAX_VALUE : 64;
  }

  @Override
  protected int greedyTokens(String weights) {
    return weights.equals(THOROUGH) ? 12 : 2;
  }
}
