package io.solebox.engine.model.arch;

import io.solebox.engine.source.Keys;
import java.util.OptionalInt;

/** Reads rotary position embedding from the keys of the GGUF format. */
final class RopeKeys {
  private static final float FAST = 32;
  private static final float SLOW = 1;

  private final Keys keys;

  RopeKeys(Keys keys) {
    this.keys = keys;
  }

  /** The rotation of positions in heads of {@code headDim} elements. */
  Rope read(int headDim) {
    return new Rope(
        dims("rope.dimension_count", headDim),
        theta("rope.freq_base"),
        stretch(),
        attentionFactor());
  }

  private int dims(String key, int headDim) {
    int dims = keys.positiveOr(key, headDim);
    if (dims > headDim || dims % 2 != 0) {
      throw keys.bad(key, dims + " of " + headDim + " elements of a head cannot be turned");
    }
    return dims;
  }

  /** The base of layers with a window, where it is another one. */
  float windowTheta(float fallback) {
    return keys.has("rope.freq_base_swa") ? theta("rope.freq_base_swa") : fallback;
  }

  /** The rotation of layers with a window, which files may give in full. */
  Rope windowed(int headDim, Rope others) {
    int dims = dims("rope.dimension_count_swa", Math.min(headDim, others.dims()));
    return new Rope(dims, windowTheta(others.theta()), others.stretch(), others.magnitude());
  }

  private float theta(String key) {
    float theta = keys.numberOr(key, Rope.USUAL_THETA);
    if (theta <= 0) {
      throw keys.bad(key, "must be above 0, is " + theta);
    }
    return theta;
  }

  /**
   * As llama.cpp reads it: without a type the scaling is linear, the factor has an older name, and
   * 0 stands for none. Factors by pair are tensors; see {@link LongRope}.
   */
  private Rope.Stretch stretch() {
    String type = keys.textOr("rope.scaling.type", "linear");
    float factor = factor();
    return switch (type) {
      case "none" -> new Rope.Linear(1);
      case "longrope" -> new Rope.Factors();
      case "linear" -> new Rope.Linear(factor);
      case "yarn" -> yarn(factor);
      default -> {
        keys.refuseIf(
            true,
            "rope.scaling.type",
            "is " + type + ", a way to stretch the context that this version cannot compute",
            "Use a file of the same model without it" + asGood());
        throw new AssertionError();
      }
    };
  }

  private String asGood() {
    int original = keys.countOr("rope.scaling.original_context_length", 0);
    return original > 0 ? ", which is as good for up to " + original + " tokens." : ".";
  }

  private float factor() {
    String key = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
    float factor = keys.numberOr(key, 0);
    keys.has("rope.scale_linear"); // an older name's value does not count beside the newer one's
    if (factor < 0) {
      throw keys.bad(key, "must be above 0, is " + factor);
    }
    return factor == 0 ? 1 : factor;
  }

  /** The context that the model was trained for first, in tokens. */
  int originalContext() {
    int original = originalContextOr(0);
    if (original == 0) {
      throw keys.bad("rope.scaling.original_context_length", "must say what is stretched");
    }
    return original;
  }

  private int originalContextOr(int fallback) {
    int context = keys.clampedOr("context_length", fallback);
    return keys.countOr("rope.scaling.original_context_length", context);
  }

  /** Up to how many tokens a model turns by its shorter factors, if it has two kinds of them. */
  OptionalInt shortContext() {
    int original = originalContextOr(0);
    return original == 0 ? OptionalInt.empty() : OptionalInt.of(original);
  }

  private Rope.Yarn yarn(float factor) {
    float log = keys.numberOr("rope.scaling.yarn_log_multiplier", 0);
    float mix = keys.numberOr("rope.scaling.yarn_ext_factor", 1);
    keys.refuseIf(mix >= 0 && mix != 1, "rope.scaling.yarn_ext_factor", "is " + mix);
    float usual = magnitude(factor, 1) / (log == 0 ? 1 : magnitude(factor, log));
    // What transformers calls attention_factor, in place of the usual one.
    float own = keys.numberOr("rope.scaling.yarn_attn_factor", usual);
    if (own <= 0) {
      throw keys.bad("rope.scaling.yarn_attn_factor", "must be above 0, is " + own);
    }
    return new Rope.Yarn(
        factor,
        originalContext(),
        keys.numberOr("rope.scaling.yarn_beta_fast", FAST),
        keys.numberOr("rope.scaling.yarn_beta_slow", SLOW),
        own,
        keys.flagOr("rope.scaling.yarn_truncate", true));
  }

  /** Factor on sine and cosine beside what a stretch has of its own. */
  private float attentionFactor() {
    float factor = keys.numberOr("rope.scaling.attn_factor", 1);
    return factor == 0 ? 1 : factor;
  }

  /** How much larger scores become as a context is stretched, per {@code log}. */
  static float magnitude(float factor, float log) {
    return factor <= 1 ? 1 : (float) (0.1 * log * Math.log(factor) + 1);
  }
}
