package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/**
 * Gemma 1 to 3 (Google). Gains of norms stand without the 1 that is added to them, and the output
 * is always the embedding table.
 */
final class Gemmas implements Family {
  /** Which of them. */
  enum Generation {
    FIRST("gemma", List.of("gemma")),
    SECOND("gemma2", List.of("gemma2")),
    THIRD("gemma3", List.of("gemma3_text", "gemma3"));

    private final String architecture;
    private final List<String> modelTypes;

    Generation(String architecture, List<String> modelTypes) {
      this.architecture = architecture;
      this.modelTypes = modelTypes;
    }
  }

  private final Generation generation;

  Gemmas(Generation generation) {
    this.generation = generation;
  }

  @Override
  public List<String> modelTypes() {
    return generation.modelTypes;
  }

  @Override
  public String architecture(Config c) {
    return generation == Generation.THIRD && seesAhead(c)
        ? "gemma-embedding"
        : generation.architecture;
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return switch (generation) {
      case FIRST -> Map.of();
      case SECOND ->
          Map.of(
              "query_pre_attn_scalar",
              256L,
              "sliding_window",
              4096L,
              "attn_logit_softcapping",
              50.0,
              "final_logit_softcapping",
              30.0);
      case THIRD ->
          Map.of(
              "num_attention_heads",
              8L,
              "num_key_value_heads",
              4L,
              "head_dim",
              256L,
              "rms_norm_eps",
              1e-6,
              "max_position_embeddings",
              131_072L,
              "query_pre_attn_scalar",
              256L,
              "sliding_window",
              4096L,
              "vocab_size",
              262_208L);
    };
  }

  private static boolean seesAhead(Config c) {
    return c.flagOr(false, "use_bidirectional_attention");
  }

  /** The table is the output; some files have it a second time. */
  static void tied(Config c, Translation t) {
    c.require("tie_word_embeddings", true);
    t.leaveOut("lm_head\\..*", "the output is the embedding table");
  }

  @Override
  public void translate(Config c, Translation t) {
    requireGelu(c);
    Decoder d = Decoder.read(c).keys(c, t);
    RopeFields rope = new RopeFields(c);
    rope.write(t, d.headDim(), generation == Generation.THIRD ? 1e6 : 1e4);
    if (generation != Generation.FIRST) {
      windows(c, t, d);
    }
    if (generation == Generation.THIRD) {
      double local = c.numberOr(1e4, "rope_local_base_freq");
      t.put("rope.freq_base_swa", rope.windowTheta(local));
      gains(t, "self_attn.q_norm", "attn_q_norm");
      gains(t, "self_attn.k_norm", "attn_k_norm");
      if (seesAhead(c)) {
        t.put("attention.causal", false);
      }
    }
    requireScale(c, d);
    t.module("embed_tokens", "token_embd").module("norm", "output_norm", Gemmas::plusOne);
    tied(c, t);
    Decoder.attention(t);
    Decoder.glu(t);
    norms(t);
  }

  /** Older files name the exact form and compute the other. */
  private static void requireGelu(Config c) {
    String act = c.textOr("gelu_pytorch_tanh", "hidden_activation");
    String old = c.textOr(act, "hidden_act");
    if (!List.of("gelu_pytorch_tanh", "gelu").contains(act)
        || !List.of("gelu_pytorch_tanh", "gelu").contains(old)) {
      throw c.unsupported("hidden_activation", "is " + act);
    }
  }

  private void windows(Config c, Translation t, Decoder d) {
    t.put("attention.sliding_window", c.required("sliding_window"));
    c.find("sliding_window_size"); // the same once more
    int period = generation == Generation.SECOND ? 2 : 6;
    c.find("sliding_window_pattern", "_sliding_window_pattern");
    boolean[] windows = RopeFields.windows(c.texts("layer_types"));
    for (int l = 0; l < windows.length; l++) {
      if (windows.length != d.layers() || windows[l] != (l % period < period - 1)) {
        throw c.unsupported("layer_types", "has other layers with a window than are known");
      }
    }
    caps(c, t);
  }

  private void caps(Config c, Translation t) {
    boolean second = generation == Generation.SECOND;
    double scores = c.numberOr(0, "attn_logit_softcapping");
    if (!second && scores != 0) {
      throw c.unsupported("attn_logit_softcapping", "caps scores");
    }
    if (second) {
      t.put("attn_logit_softcapping", scores);
    }
    double logits = c.numberOr(0, "final_logit_softcapping");
    if (second || logits != 0) {
      t.put("final_logit_softcapping", logits);
    }
  }

  /** What GGUF has no key for: the architecture knows it by the number of layers. */
  private void requireScale(Config c, Decoder d) {
    boolean largest =
        generation == Generation.SECOND && d.layers() == 46
            || generation == Generation.THIRD && d.layers() == 62;
    int expected = largest ? d.width() / d.heads() : d.headDim();
    double scalar = c.numberOr(expected, "query_pre_attn_scalar");
    if (scalar != expected) {
      throw c.unsupported(
          "query_pre_attn_scalar", "is " + scalar + " where " + expected + " is known");
    }
  }

  private void norms(Translation t) {
    gains(t, "input_layernorm", "attn_norm");
    if (generation == Generation.FIRST) {
      gains(t, "post_attention_layernorm", "ffn_norm");
    } else {
      gains(t, "post_attention_layernorm", "post_attention_norm");
      gains(t, "pre_feedforward_layernorm", "ffn_norm");
      gains(t, "post_feedforward_layernorm", "post_ffw_norm");
    }
  }

  private static Rows plusOne(Rows rows) {
    return rows.mapped(x -> x + 1);
  }

  private static void gains(Translation t, String source, String target) {
    t.layer(source, target, Gemmas::plusOne);
  }
}
