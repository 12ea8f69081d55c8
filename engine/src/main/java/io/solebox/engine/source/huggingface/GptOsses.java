package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** gpt-oss (OpenAI, arXiv:2508.10925): rows of gate and up in turn, mostly in MXFP4. */
final class GptOsses implements Family {
  @Override
  public List<String> modelTypes() {
    return List.of("gpt_oss");
  }

  @Override
  public String architecture(Config c) {
    return "gpt-oss";
  }

  @Override
  public Map<String, Object> defaults(Config c) {
    return Map.of("rope_theta", 1.5e5);
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder.requireSilu(c);
    c.require("swiglu_limit", 7.0);
    c.find("experts_per_token", "initial_context_length"); // as other fields say
    Decoder d = Decoder.read(c).keys(c, t).rope(c, t);
    Decoder.expertCounts(c, t);
    t.put("attention.sliding_window", c.required("sliding_window"))
        .put("expert_feed_forward_length", c.required("intermediate_size"));
    boolean[] windows = RopeFields.windows(c.texts("layer_types"));
    for (int l = 0; l < windows.length; l++) {
      if (windows.length != d.layers() || windows[l] != (l % 2 == 0)) {
        throw c.unsupported("layer_types", "gives a window to others than every second layer");
      }
    }
    Decoder.ends(t);
    Decoder.attention(t);
    Decoder.norms(t, "post_attention_norm");
    t.layerTensor("self_attn.sinks", "attn_sinks.weight", Rows::widened)
        .layer("mlp.router", "ffn_gate_inp", Rows::widened);
    experts(t);
  }

  private static void experts(Translation t) {
    String module = "mlp.experts.";
    t.layerTensor(module + "gate_up_proj", "ffn_gate_exps.weight", rows -> half(upright(rows), 0))
        .layerTensor(module + "gate_up_proj", "ffn_up_exps.weight", rows -> half(upright(rows), 1))
        .layerTensor(module + "down_proj", "ffn_down_exps.weight", GptOsses::upright)
        .layerTensor(module + "gate_up_proj_bias", "ffn_gate_exps.bias", rows -> halfBias(rows, 0))
        .layerTensor(module + "gate_up_proj_bias", "ffn_up_exps.bias", rows -> halfBias(rows, 1))
        .layerTensor(module + "down_proj_bias", "ffn_down_exps.bias", Rows::widened);
  }

  /** As floats, matrices are the other way round. */
  private static Rows upright(Rows rows) {
    return rows.type().isQuantized() ? rows : rows.transposed();
  }

  private static Rows half(Rows rows, int which) {
    return rows.select(
        List.of(rows.shape().get(0), rows.shape().get(1) / 2, rows.shape().get(2)),
        i -> 2 * i + which);
  }

  private static Rows halfBias(Rows rows, int which) {
    long half = rows.elements() / 2;
    return rows.as(rows.elements())
        .select(List.of(half), i -> 2 * i + which)
        .as(rows.shape().get(0), half / rows.shape().get(0))
        .widened();
  }
}
