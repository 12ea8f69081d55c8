package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Mask;
import io.solebox.engine.source.Keys;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads the hyperparameters that most transformers share, from the keys of the GGUF format. What
 * only one architecture has stands in its own file.
 */
final class DecoderKeys {
  private static final int MAX_LAYERS = 4096;

  /** Elements of all heads together; keeps every product of shapes far from the end of an int. */
  private static final long MAX_WIDTH = 1 << 24;

  private final Keys keys;

  DecoderKeys(Keys keys) {
    this.keys = keys;
  }

  /** L, without the layers behind them that guess ahead. */
  int layers() {
    int layers = blocks() - keys.countOr("nextn_predict_layers", 0);
    if (layers < 1) {
      throw keys.bad("nextn_predict_layers", "leaves no layer");
    }
    return layers;
  }

  /** L, with the layers behind them. */
  private int blocks() {
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

  /** H, K, D and Dv, the same in all layers. */
  Heads heads() {
    int count = keys.uniform("attention.head_count", layers());
    String kvKey = "attention.head_count_kv";
    return heads(count, keys.has(kvKey) ? keys.uniform(kvKey, layers()) : count);
  }

  /**
   * H, K, D and Dv where some layers have none of them, which is all that differs; K is 0 there.
   *
   * @return per layer, empty where it does not attend
   */
  List<Optional<Heads>> headsOfLayers() {
    int layers = layers();
    int[] counts = keys.perLayer("attention.head_count", layers);
    int[] kvCounts = keys.perLayer("attention.head_count_kv", layers);
    return IntStream.range(0, layers)
        .mapToObj(
            l ->
                kvCounts[l] == 0 || counts[l] == 0
                    ? Optional.<Heads>empty()
                    : Optional.of(heads(counts[l], kvCounts[l])))
        .toList();
  }

  private Heads heads(int count, int kvCount) {
    return heads(count, kvCount, keyLength(count), "attention.value_length");
  }

  private int keyLength(int count) {
    return keys.positiveOr("attention.key_length", Math.max(1, width() / count));
  }

  Heads heads(int count, int kvCount, int dim, String valueKey) {
    if (kvCount < 1 || count % kvCount != 0) {
      throw keys.bad(
          "attention.head_count_kv",
          kvCount + " key/value heads do not divide " + count + " heads");
    }
    int valueDim = keys.positiveOr(valueKey, dim);
    if ((long) count * Math.max(dim, valueDim) > MAX_WIDTH) {
      throw keys.bad("attention.head_count", count + " heads of " + dim + " make no sense");
    }
    return new Heads(count, kvCount, dim, valueDim);
  }

  /** The RMS norm of all layers. */
  Norm rmsNorm() {
    return norm(Norm.Kind.RMS, "attention.layer_norm_rms_epsilon");
  }

  /** The RMS norm of all layers, of files that may give its epsilon under the other name. */
  Norm rmsNormOfEitherName() {
    String own = "attention.layer_norm_rms_epsilon";
    return norm(Norm.Kind.RMS, keys.has(own) ? own : "attention.layer_norm_epsilon");
  }

  /** The layer norm of all layers. */
  Norm layerNorm() {
    return norm(Norm.Kind.LAYER, "attention.layer_norm_epsilon");
  }

  private Norm norm(Norm.Kind kind, String key) {
    float epsilon = keys.number(key);
    if (epsilon < 0) {
      throw keys.bad(key, "must not be below 0, is " + epsilon);
    }
    return new Norm(kind, epsilon);
  }

  /** One mask for all layers. */
  Mask mask() {
    OptionalInt window = window();
    return window.isPresent() ? new Mask.SlidingWindow(window.getAsInt()) : new Mask.Causal();
  }

  /** Positions that a layer with a window sees. */
  OptionalInt window() {
    int window = keys.countOr("attention.sliding_window", 0);
    return window > 0 ? OptionalInt.of(window) : OptionalInt.empty();
  }

  /**
   * Which layers have a window: by a list in the file, or every layer but each {@code period}-th.
   *
   * @param period of files that do not say
   * @param fullFirst whether the full layer is the first of each period, and not the last
   */
  boolean[] windowed(int period, boolean fullFirst) {
    String key = "attention.sliding_window_pattern";
    int layers = layers();
    if (keys.isList(key)) {
      return keys.flags(key, layers);
    }
    boolean[] windowed = new boolean[layers];
    int n = keys.countOr(key, period);
    for (int l = 0; l < layers; l++) {
      windowed[l] = n == 0 || (fullFirst ? l % n != 0 : l % n < n - 1);
    }
    return windowed;
  }

  /** A cap on scores or logits; 0 and absence stand for none. */
  Optional<Float> cap(String key, float fallback) {
    float cap = keys.numberOr(key, fallback);
    if (cap < 0) {
      throw keys.bad(key, "must not be below 0, is " + cap);
    }
    return cap == 0 ? Optional.empty() : Optional.of(cap);
  }

  /** A factor; 0 and absence stand for none. */
  float factor(String key) {
    float factor = keys.numberOr(key, 0);
    return factor == 0 ? 1 : factor;
  }

  /** For architectures that see ahead, or do not, whatever their files say: they may say it. */
  void requireCausal(boolean causal) {
    boolean said = keys.flagOr("attention.causal", causal);
    keys.refuseIf(said != causal, "attention.causal", "is " + said);
  }

  /** For architectures whose files may have experts, which take other tensors. */
  void refuseExperts() {
    keys.refuseIf(
        keys.countOr("expert_count", 0) > 0, "expert_count", "asks for a mixture of experts");
  }

  /** The rotation of positions in heads of {@code headDim} elements. */
  Rope rope(int headDim) {
    return new RopeKeys(keys).read(headDim);
  }
}
