package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Mask;
import io.solebox.engine.source.Keys;

/**
 * Reads the hyperparameters that most decoder-only transformers share, from the keys of the GGUF
 * format. What only one architecture has stands in its own file.
 */
final class DecoderKeys {
  private static final int MAX_LAYERS = 4096;

  /** Elements of all heads together; keeps every product of shapes far from the end of an int. */
  private static final long MAX_WIDTH = 1 << 24;

  private final Keys keys;

  DecoderKeys(Keys keys) {
    this.keys = keys;
  }

  /** L. */
  int layers() {
    int layers = keys.positive("block_count");
    if (layers > MAX_LAYERS) {
      throw keys.bad("block_count", layers + " layers make no sense");
    }
    return layers;
  }

  /** E. */
  int width() {
    int width = keys.positive("embedding_length");
    if (width > MAX_WIDTH) {
      throw keys.bad("embedding_length", "a width of " + width + " makes no sense");
    }
    return width;
  }

  /** H, K and D, the same in all layers; keys and values have the same D. */
  Heads heads() {
    int layers = layers();
    int heads = keys.uniform("attention.head_count", layers);
    String kvKey = "attention.head_count_kv";
    int kvHeads = keys.has(kvKey) ? keys.uniform(kvKey, layers) : heads;
    if (heads % kvHeads != 0) {
      throw keys.bad(kvKey, kvHeads + " key/value heads do not divide " + heads + " heads");
    }
    int dim = keys.positiveOr("attention.key_length", Math.max(1, width() / heads));
    if ((long) heads * dim > MAX_WIDTH) {
      throw keys.bad("attention.head_count", heads + " heads of " + dim + " make no sense");
    }
    keys.refuseIf(
        keys.positiveOr("attention.value_length", dim) != dim,
        "attention.value_length",
        "differs from the length of a key");
    return new Heads(heads, kvHeads, dim);
  }

  /** The epsilon of all RMS norms. */
  float rmsEpsilon() {
    float epsilon = keys.number("attention.layer_norm_rms_epsilon");
    if (epsilon < 0) {
      throw keys.bad("attention.layer_norm_rms_epsilon", "must not be below 0, is " + epsilon);
    }
    return epsilon;
  }

  /** One mask for all layers. */
  Mask mask() {
    int window = keys.countOr("attention.sliding_window", 0);
    return window > 0 ? new Mask.SlidingWindow(window) : new Mask.Causal();
  }

  /** For architectures whose files may have experts, which take other tensors. */
  void refuseExperts() {
    keys.refuseIf(
        keys.countOr("expert_count", 0) > 0, "expert_count", "asks for a mixture of experts");
  }

  /** For architectures that answer: some of their files are made to embed texts instead. */
  void refusePooling() {
    keys.refuseIf(
        keys.countOr("pooling_type", 0) > 0,
        "pooling_type",
        "makes this a model for embeddings of texts; this version computes answers only",
        "Use a model for chat or text.");
  }

  /** The rotation of positions in heads of {@code headDim} elements. */
  Rope rope(int headDim) {
    int dims = keys.positiveOr("rope.dimension_count", headDim);
    if (dims > headDim || dims % 2 != 0) {
      throw keys.bad(
          "rope.dimension_count", dims + " of " + headDim + " elements of a head cannot be turned");
    }
    float theta = keys.numberOr("rope.freq_base", Rope.USUAL_THETA);
    if (theta <= 0) {
      throw keys.bad("rope.freq_base", "must be above 0, is " + theta);
    }
    return new Rope(dims, theta, ropeFactor());
  }

  /**
   * As llama.cpp reads it: without a type the scaling is linear, the factor has an older name, and
   * 0 stands for none.
   */
  private float ropeFactor() {
    String type = keys.textOr("rope.scaling.type", "linear");
    String key = keys.has("rope.scaling.factor") ? "rope.scaling.factor" : "rope.scale_linear";
    float factor = keys.numberOr(key, 0);
    keys.has("rope.scale_linear"); // an older name's value does not count beside the newer one's
    if (type.equals("none")) {
      return 1;
    }
    refuseStretching(type);
    if (factor < 0) {
      throw keys.bad(key, "must be above 0, is " + factor);
    }
    return factor == 0 ? 1 : factor;
  }

  private void refuseStretching(String type) {
    int original = keys.countOr("rope.scaling.original_context_length", 0);
    keys.refuseIf(
        !type.equals("linear"),
        "rope.scaling.type",
        "is " + type + ", a way to stretch the context that this version cannot compute",
        "Use a file of the same model without it"
            + (original > 0 ? ", which is as good for up to " + original + " tokens." : "."));
  }
}
