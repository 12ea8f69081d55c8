package io.solebox.engine.source.huggingface;

import java.util.List;

/**
 * What decoders have in common, under the names of Llama, which most took over.
 *
 * @param layers L
 * @param width E
 * @param heads H
 * @param kvHeads K
 * @param headDim D
 */
record Decoder(int layers, int width, int heads, int kvHeads, int headDim) {
  private static final String EPSILON = "rms_norm_eps";

  /** Reads the sizes that the model must have. */
  static Decoder read(Config c) {
    int width = positive(c, "hidden_size", "n_embd", "d_model");
    int heads = positive(c, "num_attention_heads", "n_head");
    int kvHeads = c.countOr(heads, "num_key_value_heads");
    int dim = c.countOr(Math.max(1, width / heads), "head_dim");
    if (kvHeads < 1 || heads % kvHeads != 0 || dim < 1) {
      throw c.bad("num_key_value_heads", kvHeads + " does not divide " + heads + " heads");
    }
    return new Decoder(positive(c, "num_hidden_layers", "n_layer"), width, heads, kvHeads, dim);
  }

  private static int positive(Config c, String... names) {
    int value = c.required(names);
    if (value < 1) {
      throw c.bad(names[0], "must be at least 1, is " + value);
    }
    return value;
  }

  /** Writes the sizes of a model with RMS norms. */
  Decoder keys(Config c, Translation t) {
    return sizes(c, t).rmsNorm(c, t);
  }

  Decoder rmsNorm(Config c, Translation t) {
    t.put(
        "attention.layer_norm_rms_epsilon",
        c.requiredNumber(EPSILON, "norm_eps", "layer_norm_epsilon"));
    return this;
  }

  Decoder layerNorm(Config c, Translation t) {
    t.put(
        "attention.layer_norm_epsilon",
        c.requiredNumber("layer_norm_eps", "norm_eps", "norm_epsilon", "layer_norm_epsilon"));
    return this;
  }

  /** Writes the sizes alone. */
  Decoder sizes(Config c, Translation t) {
    t.put("context_length", c.countOr(0, "max_position_embeddings", "n_positions"))
        .put("block_count", layers)
        .put("embedding_length", width)
        .put("attention.head_count", heads)
        .put("attention.head_count_kv", kvHeads)
        .put("attention.key_length", headDim)
        .put("attention.value_length", headDim)
        .put("vocab_size", c.required("vocab_size"));
    c.count("intermediate_size", "n_inner").ifPresent(f -> t.put("feed_forward_length", f));
    c.find("attention_bias", "mlp_bias", "use_bias"); // the tensors say it
    return this;
  }

  /** Writes the rotation of whole heads, or of as much of them as the model says. */
  Decoder rope(Config c, Translation t) {
    RopeFields rope = new RopeFields(c);
    rope.write(t, rotated(rope.partial(1)), 10_000);
    return this;
  }

  int rotated(double share) {
    return (int) (headDim * share) / 2 * 2;
  }

  /** Refuses another activation than SiLU. */
  static void requireSilu(Config c) {
    c.require("hidden_act", "silu");
  }

  /** A window that all layers have, where there is one. */
  static void window(Config c, Translation t) {
    c.count("sliding_window").ifPresent(w -> t.put("attention.sliding_window", w));
  }

  /** A window that the published models name and do not use. */
  static void requireNoWindow(Config c) {
    c.find("max_window_layers", "sliding_window");
    c.require("use_sliding_window", false);
    if (c.texts("layer_types").contains("sliding_attention")) {
      throw c.unsupported("layer_types", "gives a window to some layers only");
    }
  }

  /** Refuses other layers that know no positions than every fourth. */
  static void requireFourthWithoutPositions(Config c) {
    List<?> rotated = c.listOr(List.of(), "no_rope_layers");
    if (rotated.isEmpty()) {
      c.require("no_rope_layer_interval", 4L);
    }
    c.find("no_rope_layer_interval"); // the list counts
    for (int l = 0; l < rotated.size(); l++) {
      long expected = (l + 1) % 4 == 0 ? 0 : 1;
      if (!Long.valueOf(expected).equals(rotated.get(l))) {
        throw c.unsupported("no_rope_layers", "leaves out others than every fourth layer");
      }
    }
  }

  /** Table, last norm and head. */
  static void ends(Translation t) {
    t.module("embed_tokens", "token_embd")
        .vectors("norm", "output_norm")
        .module("lm_head", "output");
  }

  /** The four projections of attention. */
  static void attention(Translation t) {
    attention(t, Translation.AS_IT_IS, Translation.AS_IT_IS);
  }

  /**
   * @param queries what happens to the rows of queries
   * @param keys and to those of keys
   */
  static void attention(Translation t, Rows.Change queries, Rows.Change keys) {
    t.layer("self_attn.q_proj", "attn_q", queries)
        .layer("self_attn.k_proj", "attn_k", keys)
        .layer("self_attn.v_proj", "attn_v")
        .layer("self_attn.o_proj", "attn_output");
  }

  /** As {@link #attention(Translation)}, where GGUF turns neighbours and transformers halves. */
  Decoder neighbours(Translation t) {
    attention(t, rows -> rows.neighbours(heads), rows -> rows.neighbours(kvHeads));
    return this;
  }

  /** Norms before attention and before the feed-forward network. */
  static void norms(Translation t) {
    norms(t, "ffn_norm");
  }

  static void norms(Translation t, String second) {
    t.layer("input_layernorm", "attn_norm", Rows::widened)
        .layer("post_attention_layernorm", second, Rows::widened);
  }

  static void qkNorms(Translation t, String q, String k) {
    t.layer("self_attn." + q, "attn_q_norm", Rows::widened)
        .layer("self_attn." + k, "attn_k_norm", Rows::widened);
  }

  static void glu(Translation t) {
    glu(t, "mlp", "gate_proj", "up_proj", "down_proj");
  }

  static void glu(Translation t, String module, String gate, String up, String down) {
    t.layer(module + "." + gate, "ffn_gate")
        .layer(module + "." + up, "ffn_up")
        .layer(module + "." + down, "ffn_down");
  }

  /** Experts by number, each with matrices of its own. */
  static void experts(Translation t, String module, String gate, String up, String down) {
    t.layer(module + ".{}." + gate, "ffn_gate_exps")
        .layer(module + ".{}." + up, "ffn_up_exps")
        .layer(module + ".{}." + down, "ffn_down_exps");
  }

  /** Experts as most have them, by number or in one tensor each of gate with up and of down. */
  static void experts(Translation t) {
    experts(t, "mlp.experts", "gate_proj", "up_proj", "down_proj");
    t.layerTensor("mlp.experts.gate_up_proj", "ffn_gate_up_exps.weight")
        .layerTensor("mlp.experts.down_proj", "ffn_down_exps.weight")
        .layer("mlp.gate", "ffn_gate_inp", Rows::widened);
  }

  static void sharedExpert(Translation t, String module) {
    t.layer(module + ".gate_proj", "ffn_gate_shexp")
        .layer(module + ".up_proj", "ffn_up_shexp")
        .layer(module + ".down_proj", "ffn_down_shexp");
  }

  static void expertCounts(Config c, Translation t) {
    t.put("expert_count", c.required("num_experts", "num_local_experts", "n_routed_experts"))
        .put("expert_used_count", c.required("num_experts_per_tok"));
    c.count("moe_intermediate_size").ifPresent(f -> t.put("expert_feed_forward_length", f));
  }
}
