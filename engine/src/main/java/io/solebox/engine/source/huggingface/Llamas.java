package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** Llama, and those that took its shape over without a change of their own. */
final class Llamas {
  private Llamas() {}

  /** Llama and Mistral. */
  static final class Plain implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("llama", "mistral");
    }

    @Override
    public String architecture(Config c) {
      return "llama";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      boolean mistral = c.textOr("", "model_type").equals("mistral");
      return mistral ? Map.of("sliding_window", 4096L) : Map.of();
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder.window(c, t);
      Decoder.read(c).keys(c, t).rope(c, t).neighbours(t);
      Decoder.ends(t);
      Decoder.norms(t);
      Decoder.glu(t);
    }
  }

  /** Mixtral (arXiv:2401.04088). */
  static final class Mixtral implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("mixtral");
    }

    @Override
    public String architecture(Config c) {
      return "llama";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("rope_theta", 1e6);
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder.window(c, t);
      Decoder.expertCounts(c, t);
      Decoder.read(c).keys(c, t).rope(c, t).neighbours(t);
      Decoder.ends(t);
      Decoder.norms(t);
      Decoder.experts(t, "block_sparse_moe.experts", "w1", "w3", "w2");
      t.layer("block_sparse_moe.gate", "ffn_gate_inp", Rows::widened);
      Decoder.experts(t);
    }
  }

  /** Ministral 3, whose queries grow with their position. */
  static final class Ministral implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("ministral3");
    }

    @Override
    public String architecture(Config c) {
      return "mistral3";
    }

    @Override
    public void translate(Config c, Translation t) {
      new Plain().translate(c, t);
      new RopeFields(c)
          .whole()
          .ifPresent(
              p ->
                  p.number("llama_4_scaling_beta")
                      .ifPresent(beta -> t.put("attention.temperature_scale", beta)));
    }
  }

  /** SmolLM3, of which every fourth layer knows no positions. */
  static final class SmolLm3 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("smollm3");
    }

    @Override
    public String architecture(Config c) {
      return "smollm3";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("rope_theta", 2e6);
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireFourthWithoutPositions(c);
      Decoder.requireNoWindow(c);
      new Plain().translate(c, t);
    }
  }

  /** ERNIE 4.5 (Baidu), which turns neighbours in transformers too. */
  static final class Ernie implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("ernie4_5");
    }

    @Override
    public String architecture(Config c) {
      return "ernie4_5";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("rope_theta", 5e5);
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder.read(c).keys(c, t).rope(c, t);
      Decoder.ends(t);
      Decoder.attention(t);
      Decoder.norms(t);
      Decoder.glu(t);
    }
  }

  /** ERNIE 4.5 with experts. */
  static final class ErnieMoe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("ernie4_5_moe");
    }

    @Override
    public String architecture(Config c) {
      return "ernie4_5-moe";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return new Ernie().defaults(c);
    }

    @Override
    public void translate(Config c, Translation t) {
      new Ernie().translate(c, t);
      int shared = c.countOr(0, "moe_num_shared_experts");
      int width = c.required("moe_intermediate_size");
      int last = c.required("num_hidden_layers") - 1;
      if (c.countOr(last, "moe_layer_end_index") != last) {
        throw c.unsupported("moe_layer_end_index", "leaves layers behind those with experts");
      }
      t.put("expert_count", c.required("moe_num_experts"))
          .put("expert_used_count", c.required("moe_k"))
          .put("expert_feed_forward_length", width)
          .put("expert_shared_count", shared)
          .put("expert_shared_feed_forward_length", shared * width)
          .put("leading_dense_block_count", c.countOr(0, "moe_layer_start_index"))
          .put("interleave_moe_layer_step", c.countOr(1, "moe_layer_interval"));
      c.require("moe_gate", "topk");
      c.find("moe_capacity", "moe_use_aux_free"); // of training, and as the tensors say
      c.find("num_nextn_predict_layers", "multi_token_pred_lambda");
      t.leaveOut("mtp_.*", DeepSeeks.GUESSES);
      c.find("moe_norm_min"); // keeps sums of shares, which are far above, from 0
      Decoder.experts(t);
      Decoder.sharedExpert(t, "mlp.shared_experts");
      t.layerTensor(
          "mlp.moe_statics.e_score_correction_bias",
          "exp_probs_b.bias",
          rows -> rows.squeezed().widened());
    }
  }

  /** Seed-OSS (ByteDance). */
  static final class SeedOss implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("seed_oss");
    }

    @Override
    public String architecture(Config c) {
      return "seed_oss";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.find("attention_out_bias"); // the tensors say it
      Decoder.requireSilu(c);
      Decoder.read(c).keys(c, t).rope(c, t);
      Decoder.ends(t);
      Decoder.attention(t);
      Decoder.norms(t, "post_attention_norm");
      Decoder.glu(t);
    }
  }

  /** Hunyuan (Tencent, arXiv:2411.02265), whose base of the rotation is scaled once for all. */
  static final class Hunyuan implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("hunyuan_v1_dense");
    }

    @Override
    public String architecture(Config c) {
      return "hunyuan-dense";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      c.require("use_qk_norm", true);
      Decoder d = Decoder.read(c).keys(c, t);
      RopeFields rope = new RopeFields(c);
      double theta = rope.theta(10_000);
      boolean scaled = rope.type().equals("dynamic") && rope.whole().orElseThrow().has("alpha");
      if (scaled) {
        double alpha = rope.whole().orElseThrow().requiredNumber("alpha");
        rope.whole()
            .orElseThrow()
            .find("factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim");
        theta *= Math.pow(alpha, d.headDim() / (d.headDim() - 2.0));
      } else {
        rope.stretch(t, d.headDim());
      }
      t.put("rope.freq_base", theta);
      Decoder.ends(t);
      Decoder.attention(t);
      Decoder.qkNorms(t, "query_layernorm", "key_layernorm");
      Decoder.norms(t);
      Decoder.glu(t);
    }
  }
}
