package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** Command R and Command A (Cohere): one norm for attention and network side by side. */
final class Coheres implements Family {
  private final boolean second;

  Coheres(boolean second) {
    this.second = second;
  }

  @Override
  public List<String> modelTypes() {
    return List.of(second ? "cohere2" : "cohere");
  }

  @Override
  public String architecture(Config c) {
    return second ? "cohere2" : "command-r";
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return second ? Map.of("sliding_window", 4096L) : Map.of("rope_theta", 5e5);
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder.requireSilu(c);
    Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t).rope(c, t);
    t.put("logit_scale", c.numberOr(0.0625, "logit_scale"));
    c.find("use_qk_norm", "order_of_interleaved_layers", "rotary_pct"); // as the tensors say
    c.require("use_parallel_block", true);
    c.require("use_gated_activation", true);
    c.find("use_embedding_sharing", "use_parallel_embedding");
    c.require("position_embedding_type", "rope_gptj");
    if (second) {
      windows(c, t, d);
    }
    Gemmas.tied(c, t);
    t.module("embed_tokens", "token_embd")
        .vectors("norm", "output_norm")
        .layer("input_layernorm", "attn_norm", Rows::widened);
    Decoder.attention(t);
    Decoder.qkNorms(t, "q_norm", "k_norm");
    Decoder.glu(t);
  }

  private static void windows(Config c, Translation t, Decoder d) {
    t.put("attention.sliding_window", c.required("sliding_window"));
    c.require("sliding_window_pattern", 4L);
    c.find("_sliding_window_pattern", "layer_switch");
    boolean[] windows = RopeFields.windows(c.texts("layer_types"));
    for (int l = 0; l < windows.length; l++) {
      if (windows.length != d.layers() || windows[l] != (l % 4 < 3)) {
        throw c.unsupported("layer_types", "has other layers with a window than are known");
      }
    }
  }
}
