package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Rotary position embedding as config.json has it: {@code rope_parameters} since transformers 5,
 * before that {@code rope_theta} beside {@code rope_scaling} (huggingface/transformers:
 * src/transformers/modeling_rope_utils.py).
 */
final class RopeFields {
  private static final String ORIGINAL = "original_max_position_embeddings";

  private final Config config;

  RopeFields(Config config) {
    this.config = config;
    config.find(ORIGINAL, "rope_scaling", "rope_theta"); // where another field says the same
  }

  /** The rotation of all layers, or of those that see everything. */
  Optional<Config> whole() {
    Optional<Config> parameters = config.object("rope_parameters");
    return parameters.isPresent()
        ? parameters.get().object("full_attention").or(() -> parameters)
        : config.object("rope_scaling");
  }

  /** The rotation of layers with a window, where it is described by itself. */
  Optional<Config> windowed() {
    return config.object("rope_parameters").flatMap(p -> p.object("sliding_attention"));
  }

  /** Base of the frequencies. */
  double theta(double fallback) {
    double old = config.numberOr(fallback, "rope_theta", "rotary_emb_base");
    return whole().map(p -> p.numberOr(old, "rope_theta")).orElse(old);
  }

  double windowTheta(double fallback) {
    windowed().ifPresent(p -> p.require("rope_type", "default"));
    return windowed().map(p -> p.numberOr(fallback, "rope_theta")).orElse(fallback);
  }

  /** How much of a head is turned, 1 for all. */
  double partial(double fallback) {
    double old = config.numberOr(fallback, "partial_rotary_factor", "rotary_pct", "rope_pct");
    return whole().map(p -> p.numberOr(old, "partial_rotary_factor")).orElse(old);
  }

  /** The way in which a context is stretched, {@code default} for none. */
  String type() {
    return whole().map(p -> p.textOr("default", "rope_type", "type")).orElse("default");
  }

  /**
   * Writes base and stretch.
   *
   * @param dims elements of a head that are turned
   */
  void write(Translation t, int dims, double fallbackTheta) {
    t.put("rope.freq_base", theta(fallbackTheta)).put("rope.dimension_count", dims);
    stretch(t, dims);
  }

  /** Writes the stretch alone. */
  void stretch(Translation t, int dims) {
    whole().ifPresent(p -> p.find("rope_theta", "rope_type", "type", ORIGINAL, "finetuned"));
    switch (type()) {
      case "default", "mrope" -> {}
      case "linear" -> t.put("rope.scaling.type", "linear").put("rope.scaling.factor", factor());
      case "yarn" -> yarn(t);
      case "llama3" -> t.add("rope_freqs.weight", llama3(dims));
      case "su", "longrope" -> longrope(t);
      case "dynamic" ->
          t.note(
              "The context is stretched as it grows (dynamic NTK): up to %d tokens nothing changes, and longer ones are not stretched."
                  .formatted(config.required("max_position_embeddings")));
      default ->
          throw config.unsupported(
              "rope_scaling",
              "is of type " + type() + ", a way to stretch the context that is not known");
    }
  }

  private Config parameters() {
    return whole().orElseThrow();
  }

  private double factor() {
    double factor = parameters().requiredNumber("factor");
    if (!(factor > 0)) {
      throw parameters().bad("factor", "must be above 0, is " + factor);
    }
    return factor;
  }

  private int original() {
    int context = config.countOr(0, ORIGINAL);
    int whole = context > 0 ? context : config.required("max_position_embeddings");
    return parameters().countOr(whole, ORIGINAL);
  }

  private void yarn(Translation t) {
    Config p = parameters();
    t.put("rope.scaling.type", "yarn")
        .put("rope.scaling.factor", factor())
        .put("rope.scaling.original_context_length", original())
        .put("rope.scaling.yarn_beta_fast", p.numberOr(32, "beta_fast"))
        .put("rope.scaling.yarn_beta_slow", p.numberOr(1, "beta_slow"));
    attentionFactor(p).ifPresent(f -> t.put("rope.scaling.yarn_attn_factor", f));
    if (!p.flagOr(true, "truncate")) {
      t.put("rope.scaling.yarn_truncate", false);
    }
  }

  /** Of sine and cosine, where it is another than usual. */
  private OptionalDouble attentionFactor(Config p) {
    double m = p.numberOr(0, "mscale");
    double all = p.numberOr(0, "mscale_all_dim");
    OptionalDouble own = p.number("attention_factor");
    return own.isPresent() || m == 0 || all == 0
        ? own
        : OptionalDouble.of(magnitude(m) / magnitude(all));
  }

  private double magnitude(double scale) {
    return factor() <= 1 ? 1 : 0.1 * scale * Math.log(factor()) + 1;
  }

  /**
   * Fast pairs stay, slow ones are divided by the factor, those between are mixed (Meta, Llama
   * 3.1). Computed in floats, so that these are the numbers that converted files have.
   *
   * @return what frequencies are divided by
   */
  private float[] llama3(int dims) {
    Config p = parameters();
    float low = (float) p.requiredNumber("low_freq_factor");
    float high = (float) p.requiredNumber("high_freq_factor");
    float factor = (float) factor();
    float context = original();
    float theta = (float) theta(10_000);
    float[] divisors = new float[dims / 2];
    for (int i = 0; i < divisors.length; i++) {
      float frequency = 1 / (float) Math.pow(theta, 2f * i / dims);
      float wave = (float) (2 * Math.PI) / frequency;
      float smooth = (context / wave - low) / (high - low);
      divisors[i] =
          wave < context / high
              ? 1
              : wave > context / low ? factor : 1 / ((1 - smooth) / factor + smooth);
    }
    return divisors;
  }

  /** Divisors by pair, of short contexts and of long ones (LongRoPE, arXiv:2402.13753). */
  private void longrope(Translation t) {
    Config p = parameters();
    int context = config.required("max_position_embeddings");
    int original = original();
    double scale = p.numberOr((double) context / original, "factor");
    double usual = scale <= 1 ? 1 : Math.sqrt(1 + Math.log(scale) / Math.log(original));
    t.put("rope.scaling.type", "longrope")
        .put("rope.scaling.original_context_length", original)
        .put("rope.scaling.attn_factor", p.numberOr(usual, "attention_factor"))
        .add("rope_factors_short.weight", factors(p, "short_factor"))
        .add("rope_factors_long.weight", factors(p, "long_factor"));
  }

  private static float[] factors(Config p, String name) {
    float[] factors = p.floats(name);
    if (factors.length == 0) {
      throw p.bad(name, "is missing");
    }
    return factors;
  }

  /** Types of layers as {@code layer_types} has them: whether each has a window. */
  static boolean[] windows(List<String> types) {
    boolean[] windows = new boolean[types.size()];
    for (int l = 0; l < windows.length; l++) {
      windows[l] = types.get(l).equals("sliding_attention");
    }
    return windows;
  }
}
