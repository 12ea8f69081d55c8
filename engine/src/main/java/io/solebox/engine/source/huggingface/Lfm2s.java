package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** LFM2 (Liquid AI, arXiv:2511.23404), with experts or without. */
final class Lfm2s implements Family {
  private final boolean experts;

  Lfm2s(boolean experts) {
    this.experts = experts;
  }

  @Override
  public List<String> modelTypes() {
    return List.of(experts ? "lfm2_moe" : "lfm2");
  }

  @Override
  public String architecture(Config c) {
    return experts ? "lfm2moe" : "lfm2";
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return Map.of("rope_theta", 1e6);
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder d = Decoder.read(c).sizes(c, t).rope(c, t);
    t.put("attention.layer_norm_rms_epsilon", c.requiredNumber("norm_eps", "block_norm_eps"))
        .put("attention.head_count_kv", attending(c, d))
        .put("shortconv.l_cache", c.required("conv_L_cache"));
    c.find("block_auto_adjust_ff_dim", "block_ffn_dim_multiplier", "block_multiple_of");
    c.find(
        "block_ff_dim",
        "conv_bias",
        "conv_dim",
        "conv_dim_out",
        "block_dim",
        "conv_use_xavier_init");
    c.find("block_mlp_init_scale", "block_out_init_scale", "block_use_swiglu", "use_pos_enc");
    c.find("block_use_xavier_init", "num_heads", "theta", "tie_embedding");
    t.module("embed_tokens", "token_embd")
        .vectors("embedding_norm", "token_embd_norm")
        .module("lm_head", "output")
        .layer("operator_norm", "attn_norm", Rows::widened)
        .layer("ffn_norm", "ffn_norm", Rows::widened)
        .layer("conv.conv", "shortconv.conv", rows -> rows.squeezed().widened())
        .layer("conv.in_proj", "shortconv.in_proj")
        .layer("conv.out_proj", "shortconv.out_proj");
    Decoder.attention(t);
    t.layer("self_attn.out_proj", "attn_output");
    Decoder.qkNorms(t, "q_layernorm", "k_layernorm");
    Decoder.glu(t, "feed_forward", "w1", "w3", "w2");
    if (experts) {
      experts(c, t);
    }
  }

  /** Key heads of each layer, 0 where it is a convolution. */
  private static int[] attending(Config c, Decoder d) {
    List<String> types = c.texts("layer_types");
    List<?> numbers = c.listOr(List.of(), "full_attn_idxs");
    int[] heads = new int[d.layers()];
    for (int l = 0; l < heads.length; l++) {
      boolean attends =
          types.size() == heads.length
              ? types.get(l).equals("full_attention")
              : numbers.contains((long) l);
      heads[l] = attends ? d.kvHeads() : 0;
    }
    return heads;
  }

  private static void experts(Config c, Translation t) {
    c.require("norm_topk_prob", true);
    c.require("routed_scaling_factor", 1.0);
    c.find("use_expert_bias"); // the tensors say it
    Decoder.expertCounts(c, t);
    t.put("leading_dense_block_count", c.countOr(0, "num_dense_layers"))
        .put("expert_gating_func", 2);
    Decoder.experts(t, "feed_forward.experts", "w1", "w3", "w2");
    t.layer("feed_forward.gate", "ffn_gate_inp", Rows::widened)
        .layerTensor("feed_forward.expert_bias", "exp_probs_b.bias", Rows::widened);
  }
}
