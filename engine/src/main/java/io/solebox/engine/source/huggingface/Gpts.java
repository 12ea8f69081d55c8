package io.solebox.engine.source.huggingface;

import java.util.List;

/** GPT-2, GPT-NeoX, StarCoder 2 and Nemotron: layer norms, and networks without a gate. */
final class Gpts {
  private Gpts() {}

  /** Its matrices are the other way round. */
  static final class Gpt2 implements Family {
    private static final String LAYER = "h.{}.";

    @Override
    public List<String> modelTypes() {
      return List.of("gpt2");
    }

    @Override
    public String architecture(Config c) {
      return "gpt2";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("activation_function", "gelu_new");
      c.require("scale_attn_weights", true);
      c.require("scale_attn_by_inverse_layer_idx", false);
      c.find("reorder_and_upcast_attn", "n_ctx", "task_specific_params");
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      t.put("feed_forward_length", c.countOr(4 * d.width(), "n_inner"));
      t.module("wte", "token_embd")
          .module("wpe", "position_embd", Rows::widened)
          .vectors("ln_f", "output_norm")
          .module("lm_head", "output")
          .vectors(LAYER + "ln_1", "blk.{}.attn_norm")
          .vectors(LAYER + "ln_2", "blk.{}.ffn_norm")
          .leaveOut("h\\.\\d+\\.attn\\.(masked_)?bias", "masks what comes later, as is computed");
      turned(t, "attn.c_attn", "attn_qkv");
      turned(t, "attn.c_proj", "attn_output");
      turned(t, "mlp.c_fc", "ffn_up");
      turned(t, "mlp.c_proj", "ffn_down");
    }

    private static void turned(Translation t, String source, String target) {
      t.tensor(LAYER + source + ".weight", "blk.{}." + target + ".weight", Rows::transposed)
          .tensor(LAYER + source + ".bias", "blk.{}." + target + ".bias", Rows::widened);
    }
  }

  /** Queries, keys and values stand head by head. */
  static final class NeoX implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("gpt_neox");
    }

    @Override
    public String architecture(Config c) {
      return "gptneox";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("hidden_act", "gelu");
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      RopeFields rope = new RopeFields(c);
      rope.write(t, d.rotated(rope.partial(0.25)), 10_000);
      t.put("use_parallel_residual", c.flagOr(true, "use_parallel_residual"));
      int dim = d.headDim();
      int width = d.heads() * dim;
      t.module("embed_in", "token_embd")
          .vectors("final_layer_norm", "output_norm")
          .module("embed_out", "output")
          .layer("input_layernorm", "attn_norm", Rows::widened)
          .layer("post_attention_layernorm", "ffn_norm", Rows::widened)
          .layer(
              "attention.query_key_value",
              "attn_qkv",
              rows -> rows.reordered(i -> (i % width / dim * 3 + i / width) * dim + i % dim))
          .layer("attention.dense", "attn_output")
          .layer("mlp.dense_h_to_4h", "ffn_up")
          .layer("mlp.dense_4h_to_h", "ffn_down")
          .leaveOut(
              "layers\\.\\d+\\.attention\\.(masked_)?bias",
              "masks what comes later, as is computed");
    }
  }

  /** StarCoder 2 (BigCode, arXiv:2402.19173). */
  static final class StarCoder implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("starcoder2");
    }

    @Override
    public String architecture(Config c) {
      return "starcoder2";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("hidden_act", "gelu_pytorch_tanh");
      c.find("mlp_type", "norm_type");
      Decoder.window(c, t);
      Decoder.read(c).sizes(c, t).layerNorm(c, t).rope(c, t);
      Decoder.ends(t);
      Decoder.attention(t);
      Decoder.norms(t);
      t.layer("mlp.c_fc", "ffn_up").layer("mlp.c_proj", "ffn_down");
    }
  }

  /** Nemotron (NVIDIA, arXiv:2402.16819): gains stand without the 1 that is added to them. */
  static final class Nemotron implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("nemotron");
    }

    @Override
    public String architecture(Config c) {
      return "nemotron";
    }

    @Override
    public void translate(Config c, Translation t) {
      c.require("hidden_act", "relu2");
      Decoder d = Decoder.read(c).sizes(c, t).layerNorm(c, t);
      RopeFields rope = new RopeFields(c);
      rope.write(t, d.rotated(rope.partial(0.5)), 10_000);
      t.module("embed_tokens", "token_embd").module("lm_head", "output");
      gains(t, "norm", "output_norm");
      gains(t, "layers.{}.input_layernorm", "blk.{}.attn_norm");
      gains(t, "layers.{}.post_attention_layernorm", "blk.{}.ffn_norm");
      Decoder.attention(t);
      t.layer("mlp.up_proj", "ffn_up").layer("mlp.down_proj", "ffn_down");
    }

    private static void gains(Translation t, String source, String target) {
      t.tensor(source + ".weight", target + ".weight", rows -> rows.mapped(x -> x + 1))
          .tensor(source + ".bias", target + ".bias", Rows::widened);
    }
  }
}
