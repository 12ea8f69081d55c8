package io.solebox.engine.source.huggingface;

import java.util.List;

/** Phi 2 to 4 (Microsoft). */
final class Phis {
  private Phis() {}

  static final class Phi2 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("phi");
    }

    @Override
    public String architecture(Config c) {
      return "phi2";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("hidden_act", "gelu_new");
      c.require("qk_layernorm", false);
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      RopeFields rope = new RopeFields(c);
      rope.write(t, d.rotated(rope.partial(0.5)), 10_000);
      t.module("embed_tokens", "token_embd")
          .vectors("final_layernorm", "output_norm")
          .module("lm_head", "output");
      Decoder.attention(t);
      t.layer("input_layernorm", "attn_norm", Rows::widened)
          .layer("self_attn.dense", "attn_output")
          .layer("mlp.fc1", "ffn_up")
          .layer("mlp.fc2", "ffn_down");
    }
  }

  /** Phi 3 and 4. */
  static final class Phi3 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("phi3");
    }

    @Override
    public String architecture(Config c) {
      return "phi3";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      c.require("full_attn_mod", 1L);
      c.require("interpolate_factor", 1L);
      c.require("lm_head_bias", false);
      window(c, t);
      int context = c.required("max_position_embeddings");
      t.put(
          "rope.scaling.original_context_length",
          c.countOr(context, "original_max_position_embeddings"));
      Decoder.read(c).keys(c, t).rope(c, t);
      Decoder.ends(t);
      Decoder.norms(t);
      t.layer("self_attn.qkv_proj", "attn_qkv")
          .layer("self_attn.o_proj", "attn_output")
          .layer("mlp.gate_up_proj", "ffn_up")
          .layer("mlp.down_proj", "ffn_down");
    }

    /** A window counts where the file also says which layers have it, and here all do. */
    private static void window(Config c, Translation t) {
      Decoder.window(c, t);
      if (c.countOr(0, "sliding_window") > 0) {
        t.put("attention.sliding_window_pattern", 0);
      }
    }
  }
}
