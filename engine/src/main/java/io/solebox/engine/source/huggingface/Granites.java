package io.solebox.engine.source.huggingface;

import java.util.List;

/** Granite (IBM), and MiniCPM, which scales the same places by other fields. */
final class Granites {
  private Granites() {}

  private static void scales(Config c, Translation t) {
    c.require("normalization_function", "rmsnorm");
    t.put("attention.scale", c.requiredNumber("attention_multiplier"))
        .put("embedding_scale", c.requiredNumber("embedding_multiplier"))
        .put("residual_scale", c.requiredNumber("residual_multiplier"))
        .put("logit_scale", c.requiredNumber("logits_scaling"));
  }

  /** Experts in three tensors: gate over up, down, and who chooses. */
  private static void experts(Translation t) {
    t.layer("block_sparse_moe.router.layer", "ffn_gate_inp", Rows::widened)
        .layer("block_sparse_moe.input_linear", "ffn_gate_exps", rows -> half(rows, 0))
        .layer("block_sparse_moe.input_linear", "ffn_up_exps", rows -> half(rows, 1))
        .layer("block_sparse_moe.output_linear", "ffn_down_exps");
  }

  private static Rows half(Rows rows, int which) {
    int half = rows.size(1) / 2;
    return rows.middle(which * half, half);
  }

  private static void shared(Translation t, String suffix) {
    t.layer("shared_mlp.input_linear", "ffn_gate" + suffix, rows -> first(rows, 0))
        .layer("shared_mlp.input_linear", "ffn_up" + suffix, rows -> first(rows, 1))
        .layer("shared_mlp.output_linear", "ffn_down" + suffix);
  }

  private static Rows first(Rows rows, int which) {
    int half = rows.size(0) / 2;
    return rows.part(which * half, half);
  }

  static final class Dense implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("granite");
    }

    @Override
    public String architecture(Config c) {
      return "granite";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder.read(c).keys(c, t).rope(c, t).neighbours(t);
      scales(c, t);
      Decoder.ends(t);
      Decoder.norms(t);
      Decoder.glu(t);
    }
  }

  static final class Moe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("granitemoe", "granitemoeshared");
    }

    @Override
    public String architecture(Config c) {
      return "granitemoe";
    }

    @Override
    public void translate(Config c, Translation t) {
      new Dense().translate(c, t);
      Decoder.expertCounts(c, t);
      experts(t);
      int shared = c.countOr(0, "shared_intermediate_size");
      if (shared > 0) {
        t.put("expert_shared_feed_forward_length", shared);
        shared(t, "_shexp");
      }
    }
  }

  /** Most layers are Mamba-2; of the others some models turn queries and keys, and some do not. */
  static final class Hybrid implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("granitemoehybrid");
    }

    @Override
    public String architecture(Config c) {
      return "granitehybrid";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder d = Decoder.read(c).keys(c, t).rope(c, t).neighbours(t);
      scales(c, t);
      t.put("attention.head_count_kv", attending(c, d))
          .put(
              "rope.scaling.finetuned", c.textOr("nope", "position_embedding_type").equals("rope"));
      Mambas.keys(c, t, "mamba_n_heads", "mamba_d_head");
      Mambas.tensors(t, "mamba");
      Decoder.ends(t);
      Decoder.norms(t);
      boolean moe = c.countOr(0, "num_local_experts") > 0;
      if (moe) {
        Decoder.expertCounts(c, t);
        t.put("expert_shared_feed_forward_length", c.required("shared_intermediate_size"));
        experts(t);
      } else {
        c.find("num_experts_per_tok");
        t.put("feed_forward_length", c.required("shared_intermediate_size"));
      }
      shared(t, moe ? "_shexp" : "");
    }

    /** Key heads of each layer, 0 where it does not attend. */
    private static int[] attending(Config c, Decoder d) {
      List<String> types = c.texts("layer_types", "layers_block_type");
      if (types.size() != d.layers()) {
        throw c.bad("layer_types", "names " + types.size() + " of " + d.layers() + " layers");
      }
      return types.stream()
          .mapToInt(
              type -> type.endsWith("attention") && !type.startsWith("linear") ? d.kvHeads() : 0)
          .toArray();
    }
  }

  /** MiniCPM (OpenBMB, arXiv:2404.06395). */
  static final class MiniCpm implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("minicpm");
    }

    @Override
    public String architecture(Config c) {
      return "minicpm";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder d = Decoder.read(c).keys(c, t).rope(c, t).neighbours(t);
      double depth = c.requiredNumber("scale_depth");
      t.put("embedding_scale", c.requiredNumber("scale_emb"))
          .put("residual_scale", depth / Math.sqrt(d.layers()))
          .put("logit_scale", d.width() / c.requiredNumber("dim_model_base"));
      Decoder.ends(t);
      Decoder.norms(t);
      Decoder.glu(t);
    }
  }
}
