package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.Map;

/** Qwen 2 and 3 (Alibaba), and OLMoE, which has their shape. */
final class Qwens {
  private Qwens() {}

  /** What all of them have. */
  private static Decoder base(Config c, Translation t) {
    Decoder.requireSilu(c);
    Decoder.requireNoWindow(c);
    Decoder d = Decoder.read(c).keys(c, t).rope(c, t);
    Decoder.ends(t);
    Decoder.attention(t);
    Decoder.norms(t);
    return d;
  }

  /** Whether each layer has experts: other patterns than all of them are refused. */
  private static void requireExpertsEverywhere(Config c) {
    c.require("decoder_sparse_step", 1L);
    if (!c.listOr(List.of(), "mlp_only_layers").isEmpty()) {
      throw c.unsupported("mlp_only_layers", "leaves layers without experts");
    }
  }

  static final class Qwen2 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("qwen2");
    }

    @Override
    public String architecture(Config c) {
      return "qwen2";
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      Decoder.glu(t);
    }
  }

  /** Qwen 3, for answers, vectors and rankings. */
  static final class Qwen3 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("qwen3");
    }

    @Override
    public String architecture(Config c) {
      return "qwen3";
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      Decoder.qkNorms(t, "q_norm", "k_norm");
      Decoder.glu(t);
    }
  }

  static final class Qwen3Moe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("qwen3_moe");
    }

    @Override
    public String architecture(Config c) {
      return "qwen3moe";
    }

    @Override
    public Map<String, Object> defaults(Config c) {
      return Map.of("norm_topk_prob", false);
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      requireExpertsEverywhere(c);
      c.require("norm_topk_prob", true);
      c.require("use_qk_norm", true);
      c.require("shared_expert_intermediate_size", 0L);
      c.find("qkv_bias"); // the tensors say it
      Decoder.expertCounts(c, t);
      Decoder.qkNorms(t, "q_norm", "k_norm");
      Decoder.experts(t);
    }
  }

  static final class Qwen2Moe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("qwen2_moe");
    }

    @Override
    public String architecture(Config c) {
      return "qwen2moe";
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      requireExpertsEverywhere(c);
      c.require("norm_topk_prob", false);
      c.find("qkv_bias"); // the tensors say it
      Decoder.expertCounts(c, t);
      t.put("expert_shared_feed_forward_length", c.required("shared_expert_intermediate_size"));
      Decoder.experts(t);
      Decoder.sharedExpert(t, "mlp.shared_expert");
      t.layer("mlp.shared_expert_gate", "ffn_gate_inp_shexp", Rows::widened);
    }
  }

  static final class Olmoe implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("olmoe");
    }

    @Override
    public String architecture(Config c) {
      return "olmoe";
    }

    @Override
    public void translate(Config c, Translation t) {
      base(c, t);
      c.require("norm_topk_prob", false);
      if (c.has("clip_qkv")) {
        throw c.unsupported("clip_qkv", "limits queries, keys and values");
      }
      Decoder.expertCounts(c, t);
      Decoder.qkNorms(t, "q_norm", "k_norm");
      Decoder.experts(t);
    }
  }
}
