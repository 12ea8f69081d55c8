package io.solebox.engine.source.huggingface;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Gemma 4 (Google), text only: layers of two kinds that differ in heads and rotation. */
final class Gemma4s implements Family {
  /** What a pair that is not turned is divided by. */
  private static final float NEVER = 1e30f;

  @Override
  public List<String> modelTypes() {
    return List.of("gemma4_text", "gemma4");
  }

  @Override
  public String architecture(Config c) {
    return "gemma4";
  }

  @Override
  public void translate(Config c, Translation t) {
    c.require("hidden_activation", "gelu_pytorch_tanh");
    if (c.flagOr(false, "use_bidirectional_attention")) {
      throw c.unsupported("use_bidirectional_attention", "is true");
    }
    c.find("attention_k_eq_v", "use_double_wide_mlp", "vocab_size_per_layer_input");
    Decoder d = Decoder.read(c).sizes(c, t).rmsNorm(c, t);
    boolean[] windows = RopeFields.windows(c.texts("layer_types"));
    if (windows.length != d.layers()) {
      throw c.bad("layer_types", "names " + windows.length + " of " + d.layers() + " layers");
    }
    int full = heads(c, t, d, windows);
    t.put("attention.sliding_window", c.required("sliding_window"))
        .put("attention.sliding_window_pattern", windows)
        .put("attention.shared_kv_layers", c.countOr(0, "num_kv_shared_layers"))
        .put("embedding_length_per_layer_input", c.countOr(0, "hidden_size_per_layer_input"))
        .put("final_logit_softcapping", c.numberOr(0, "final_logit_softcapping"));
    rotation(c, t, full, d.headDim());
    Gemmas.tied(c, t);
    tensors(t);
    if (c.flagOr(false, "enable_moe_block")) {
      t.put("expert_count", c.required("num_experts"))
          .put("expert_used_count", c.required("top_k_experts"))
          .put("expert_feed_forward_length", c.required("moe_intermediate_size"));
      experts(t);
    }
  }

  /**
   * Heads of full layers differ: since transformers 5.18 by layer, before that by fields of their
   * own.
   *
   * @return elements of a head of a full layer
   */
  private static int heads(Config c, Translation t, Decoder d, boolean[] windows) {
    int full = c.countOr(d.headDim(), "global_head_dim");
    int fullHeads = c.countOr(d.kvHeads(), "num_global_key_value_heads");
    int[] kvHeads = new int[d.layers()];
    Optional<Config> own = c.object("per_layer_config");
    for (int l = 0; l < kvHeads.length; l++) {
      kvHeads[l] = windows[l] ? d.kvHeads() : fullHeads;
      Optional<Config> layer =
          own.isPresent() ? own.get().object(Integer.toString(l)) : Optional.empty();
      if (layer.isPresent()) {
        int dim = layer.get().countOr(d.headDim(), "head_dim");
        kvHeads[l] = layer.get().countOr(kvHeads[l], "num_key_value_heads");
        full = windows[l] ? full : dim;
        layer.get().requireAllRead();
      }
    }
    t.put("attention.key_length", full)
        .put("attention.value_length", full)
        .put("attention.key_length_swa", d.headDim())
        .put("attention.value_length_swa", d.headDim());
    boolean alike = Arrays.stream(kvHeads).allMatch(k -> k == kvHeads[0]);
    if (!alike) {
      t.put("attention.head_count_kv", kvHeads);
    }
    return full;
  }

  private static void rotation(Config c, Translation t, int full, int small) {
    RopeFields rope = new RopeFields(c);
    t.put("rope.freq_base", rope.theta(1e6))
        .put("rope.freq_base_swa", rope.windowTheta(1e4))
        .put("rope.dimension_count", full)
        .put("rope.dimension_count_swa", small);
    if (!rope.type().equals("proportional")) {
      rope.stretch(t, full);
      return;
    }
    float[] divisors = new float[full / 2];
    int turned = (int) (rope.partial(0.25) * full / 2);
    Arrays.fill(divisors, 1);
    Arrays.fill(divisors, turned, divisors.length, NEVER);
    t.add("rope_freqs.weight", divisors);
  }

  private static void tensors(Translation t) {
    t.module("embed_tokens", "token_embd")
        .vectors("norm", "output_norm")
        .module("embed_tokens_per_layer", "per_layer_token_embd")
        .module("per_layer_model_projection", "per_layer_model_proj")
        .vectors("per_layer_projection_norm", "per_layer_proj_norm")
        .layer("per_layer_input_gate", "inp_gate")
        .layer("per_layer_projection", "proj")
        .layerTensor("layer_scalar", "layer_output_scale.weight", Rows::widened);
    Decoder.attention(t);
    Decoder.qkNorms(t, "q_norm", "k_norm");
    Decoder.glu(t);
    gains(t, "input_layernorm", "attn_norm");
    gains(t, "post_attention_layernorm", "post_attention_norm");
    gains(t, "pre_feedforward_layernorm", "ffn_norm");
    gains(t, "post_feedforward_layernorm", "post_ffw_norm");
    gains(t, "post_per_layer_input_norm", "post_norm");
  }

  private static void experts(Translation t) {
    gains(t, "pre_feedforward_layernorm_2", "pre_ffw_norm_2");
    gains(t, "post_feedforward_layernorm_1", "post_ffw_norm_1");
    gains(t, "post_feedforward_layernorm_2", "post_ffw_norm_2");
    t.layer("router.proj", "ffn_gate_inp", Rows::widened)
        .layerTensor("router.scale", "ffn_gate_inp.scale", Rows::widened)
        .layerTensor("router.per_expert_scale", "ffn_down_exps.scale", Rows::widened)
        .layerTensor("experts.gate_up_proj", "ffn_gate_up_exps.weight")
        .layerTensor("experts.down_proj", "ffn_down_exps.weight");
  }

  private static void gains(Translation t, String source, String target) {
    t.layer(source, target, Rows::widened);
  }
}
