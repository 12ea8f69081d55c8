package io.solebox.engine.model;

import io.solebox.engine.source.gguf.GgufWriter;
import java.util.List;

/** The smallest file of an encoder. */
final class TinyBert {
  private TinyBert() {}

  static GgufWriter of() {
    GgufWriter out =
        new GgufWriter()
            .put("general.architecture", "bert")
            .put("bert.block_count", 1)
            .put("bert.context_length", 64)
            .put("bert.embedding_length", TinyLlama.WIDTH)
            .put("bert.attention.head_count", TinyLlama.HEADS)
            .put("bert.attention.layer_norm_epsilon", 1e-5f)
            .put("bert.pooling_type", 2)
            .put("tokenizer.ggml.model", "bert")
            .put("tokenizer.ggml.tokens", List.of("[CLS]", "[SEP]", "[UNK]", "\u2581a"));
    TinyLlama.matrix(out, "token_embd.weight", 4);
    norm(out, "token_embd_norm");
    for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down")) {
      TinyLlama.matrix(out, "blk.0." + name + ".weight", TinyLlama.WIDTH);
    }
    norm(out, "blk.0.attn_output_norm");
    norm(out, "blk.0.layer_output_norm");
    return out;
  }

  private static void norm(GgufWriter out, String name) {
    TinyLlama.vector(out, name + ".weight", TinyLlama.WIDTH);
    TinyLlama.vector(out, name + ".bias", TinyLlama.WIDTH);
  }
}
