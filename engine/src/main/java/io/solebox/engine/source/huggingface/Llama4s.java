package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** Llama 4: its rotation turns neighbours in transformers too. */
final class Llama4s implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("llama4_text", "llama4");
  }

  @Override
  public String architecture(Config c) {
    return "llama4";
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return Map.of("rope_theta", 5e5);
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder.requireSilu(c);
    c.find("layer_types", "moe_layers", "for_llm_compressor"); // as the steps and tensors say
    Decoder.requireFourthWithoutPositions(c);
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
