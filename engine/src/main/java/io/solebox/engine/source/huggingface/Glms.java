package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** GLM 4 (Z.ai), dense and with experts. */
final class Glms {
  private Glms() {}

  private static Decoder base(Config c, Translation t) {
    Decoder.requireSilu(c);
    Decoder d = Decoder.read(c).keys(c, t);
    RopeFields rope = new RopeFields(c);
    rope.write(t, d.rotated(rope.partial(0.5)), 10_000);
    Decoder.ends(t);
    Decoder.attention(t);
    return d;
  }

  static final class Dense implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("glm4");
    }

    @Override
    public String architecture(Config c) {
      return "glm4";
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      t.layer("input_layernorm", "attn_norm", Rows::widened)
          .layer("post_self_attn_layernorm", "post_attention_norm", Rows::widened)
          .layer("post_attention_layernorm", "ffn_norm", Rows::widened)
          .layer("post_mlp_layernorm", "post_ffw_norm", Rows::widened)
          .layer("mlp.gate_up_proj", "ffn_up")
          .layer("mlp.down_proj", "ffn_down");
    }
  }

  /** GLM 4.5 and later. */
  static final class Moe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("glm4_moe");
    }

    @Override
    public String architecture(Config c) {
      return "glm4moe";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("norm_topk_prob", true, "first_k_dense_replace", 1L);
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder d = base(c, t);
      c.find("use_qk_norm"); // the tensors say it
      Decoder.norms(t, "post_attention_norm");
      Decoder.qkNorms(t, "q_norm", "k_norm");
      Decoder.glu(t);
      DeepSeeks.ofGlm(c, t, d.layers());
    }
  }
}
