package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/**
 * DeepSeek V2 and V3 (arXiv:2405.04434, arXiv:2412.19437): one compressed row stands for keys and
 * values, and what unfolds it is cut into a part for keys and one for values.
 */
final class DeepSeeks implements Family {
  /** Why tensors of multi-token prediction may be left out. */
  static final String GUESSES =
      "a layer that guesses further tokens; answers are the same without it";

  @Override
  public List<String> modelTypes() {
    return List.of("deepseek_v2", "deepseek_v3");
  }

  @Override
  public String architecture(Config c) {
    return "deepseek2";
  }

  private static boolean isThird(Config c) {
    return c.textOr("", "model_type").equals("deepseek_v3");
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return isThird(c)
        ? Map.of(
            "norm_topk_prob",
            true,
            "routed_scaling_factor",
            2.5,
            "n_group",
            8L,
            "topk_group",
            4L,
            "first_k_dense_replace",
            3L)
        : Map.of();
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder.requireSilu(c);
    c.require("rope_interleave", true);
    c.require("moe_layer_freq", 1L);
    c.find("head_dim", "qk_head_dim"); // sums of the others
    Decoder d = Decoder.read(c);
    int rank = c.required("kv_lora_rank");
    int plain = c.required("qk_nope_head_dim");
    int turned = c.required("qk_rope_head_dim");
    int values = c.required("v_head_dim");
    d.keys(c, t);
    t.put("attention.head_count_kv", 1)
        .put("attention.key_length", rank + turned)
        .put("attention.value_length", rank)
        .put("attention.key_length_mla", plain + turned)
        .put("attention.value_length_mla", values)
        .put("attention.kv_lora_rank", rank);
    c.count("q_lora_rank").ifPresent(q -> t.put("attention.q_lora_rank", q));
    RopeFields rope = new RopeFields(c);
    rope.write(t, turned, 10_000);
    rope.whole()
        .ifPresent(
            p -> {
              p.find("mscale");
              p.number("mscale_all_dim")
                  .ifPresent(m -> t.put("rope.scaling.yarn_log_multiplier", 0.1 * m));
            });
    tensors(t, d.heads(), plain, values);
    if (c.countOr(0, "n_routed_experts") > 0) {
      routing(c, t);
      experts(c, t, d.layers());
    } else {
      c.find("norm_topk_prob", "routed_scaling_factor", "n_group", "topk_group", "topk_method");
      c.find("first_k_dense_replace", "scoring_func"); // without experts
    }
  }

  private static void tensors(Translation t, int heads, int plain, int values) {
    Decoder.ends(t);
    Decoder.norms(t);
    Decoder.glu(t);
    t.layer("self_attn.q_proj", "attn_q")
        .layer("self_attn.q_a_proj", "attn_q_a")
        .layer("self_attn.q_a_layernorm", "attn_q_a_norm", Rows::widened)
        .layer("self_attn.q_b_proj", "attn_q_b")
        .layer("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa")
        .layer("self_attn.kv_a_layernorm", "attn_kv_a_norm", Rows::widened)
        .layer("self_attn.o_proj", "attn_output")
        .layer(
            "self_attn.kv_b_proj",
            "attn_k_b",
            rows -> unfolding(rows, heads, plain + values).middle(0, plain).transposed())
        .layer(
            "self_attn.kv_b_proj",
            "attn_v_b",
            rows -> unfolding(rows, heads, plain + values).middle(plain, values));
  }

  private static Rows unfolding(Rows rows, int heads, int each) {
    return rows.as((long) heads, (long) each, rows.shape().getLast());
  }

  /**
   * V2 takes the best of all experts, or of the groups with the best single ones; V3 scores each
   * expert by itself and takes groups by their two best.
   */
  private static void routing(Config c, Translation t) {
    boolean third = isThird(c);
    List<String> known = third ? List.of("noaux_tc") : List.of("greedy", "group_limited_greedy");
    String method = c.textOr(known.getFirst(), "topk_method");
    if (!known.contains(method)) {
      throw c.unsupported("topk_method", "is %s; known are %s".formatted(method, known));
    }
    c.require("scoring_func", third ? "sigmoid" : "softmax");
    if (!third) {
      c.require("norm_topk_prob", false);
    }
    t.put("expert_gating_func", third ? 2 : 1);
    if (method.equals("greedy")) {
      c.find("n_group", "topk_group");
      t.put("expert_group_count", 1).put("expert_group_used_count", 1);
    } else {
      groups(c, t);
    }
    if (method.equals("group_limited_greedy")) {
      t.put("expert_group_best_count", 1);
    }
  }

  private static void groups(Config c, Translation t) {
    t.put("expert_group_count", c.countOr(1, "n_group"))
        .put("expert_group_used_count", c.countOr(1, "topk_group"));
  }

  /** Experts of GLM 4.5, which are chosen as those of V3. */
  static void ofGlm(Config c, Translation t, int layers) {
    t.put("expert_gating_func", 2);
    groups(c, t);
    experts(c, t, layers);
  }

  /** Experts with shared ones beside them, behind some layers without. */
  private static void experts(Config c, Translation t, int layers) {
    Decoder.expertCounts(c, t);
    t.put("expert_shared_count", c.countOr(0, "n_shared_experts"))
        .put("expert_weights_scale", c.numberOr(1, "routed_scaling_factor"))
        .put("expert_weights_norm", c.flagOr(false, "norm_topk_prob"))
        .put("leading_dense_block_count", c.countOr(0, "first_k_dense_replace"));
    Decoder.experts(t);
    Decoder.sharedExpert(t, "mlp.shared_experts");
    t.layerTensor("mlp.gate.e_score_correction_bias", "exp_probs_b.bias", Rows::widened);
    for (int l = layers; l < layers + c.countOr(0, "num_nextn_predict_layers"); l++) {
      t.leaveOut("layers\\." + l + "\\..*", GUESSES);
    }
  }
}
