package io.solebox.engine.source.huggingface;

import java.util.List;

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
    public void translate(Config c, Translation t) {
      c.find("no_rope_layer_interval");
      List<?> rotated = c.listOr(List.of(), "no_rope_layers");
      for (int l = 0; l < rotated.size(); l++) {
        boolean expected = (l + 1) % 4 != 0;
        if (!rotated.get(l).equals(expected ? 1L : 0L)) {
          throw c.unsupported("no_rope_layers", "leaves out others than every fourth layer");
        }
      }
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

  /** Llama 4: its rotation turns neighbours in transformers too. */
  static final class Llama4 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("llama4_text", "llama4");
    }

    @Override
    public String architecture(Config c) {
      return "llama4";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      c.find("layer_types", "no_rope_layers", "moe_layers"); // as the steps say
      c.require("no_rope_layer_interval", 4L);
      c.require("attention_chunk_size", 8192L);
      c.require("attn_temperature_tuning", true);
      c.require("floor_scale", 8192L);
      c.require("attn_scale", 0.1);
      boolean many = c.required("num_local_experts") == 128;
      c.require("use_qk_norm", !many);
      Decoder.expertCounts(c, t);
      Decoder d = Decoder.read(c).keys(c, t).rope(c, t);
      t.put("expert_feed_forward_length", c.required("intermediate_size"))
          .put("feed_forward_length", c.required("intermediate_size_mlp"))
          .put("interleave_moe_layer_step", c.countOr(1, "interleave_moe_layer_step"));
      Decoder.ends(t);
      Decoder.attention(t);
      Decoder.norms(t);
      Decoder.glu(t, "feed_forward", "gate_proj", "up_proj", "down_proj");
      Decoder.sharedExpert(t, "feed_forward.shared_expert");
      experts(t);
    }

    /** {@code [X, in, out]}, gate and up side by side. */
    private static void experts(Translation t) {
      t.layer("feed_forward.router", "ffn_gate_inp", Rows::widened)
          .layerTensor(
              "feed_forward.experts.gate_up_proj",
              "ffn_gate_exps.weight",
              rows -> half(rows.transposed(), 0))
          .layerTensor(
              "feed_forward.experts.gate_up_proj",
              "ffn_up_exps.weight",
              rows -> half(rows.transposed(), 1))
          .layerTensor("feed_forward.experts.down_proj", "ffn_down_exps.weight", Rows::transposed);
    }

    private static Rows half(Rows rows, int which) {
      int half = rows.size(1) / 2;
      return rows.middle(which * half, half);
    }
  }
}
