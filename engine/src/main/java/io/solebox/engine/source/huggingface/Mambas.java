package io.solebox.engine.source.huggingface;

import java.util.Arrays;
import java.util.List;

/** Mamba-2 (arXiv:2405.21060), and Falcon-H1 (arXiv:2507.22448), which attends beside it. */
final class Mambas {
  private Mambas() {}

  /**
   * Writes the sizes of a Mamba-2 mixer.
   *
   * @param heads the field with the number of heads, and {@code dim} that with their elements
   */
  static void keys(Config c, Translation t, String heads, String dim) {
    int count = Math.max(1, c.required(heads));
    int inner = inner(c, count, dim);
    if (c.countOr(inner, "mamba_d_ssm") != inner) {
      throw c.bad("mamba_d_ssm", "is not %d heads of %d".formatted(count, inner / count));
    }
    c.find("mamba_expand", "expand", "mamba_chunk_size", "chunk_size"); // as wide as the heads
    c.find("mamba_conv_bias", "use_conv_bias", "mamba_proj_bias"); // the tensors say it
    t.put("ssm.conv_kernel", c.required("mamba_d_conv", "conv_kernel"))
        .put("ssm.state_size", c.required("mamba_d_state", "state_size"))
        .put("ssm.group_count", c.countOr(1, "mamba_n_groups", "n_groups"))
        .put("ssm.time_step_rank", count)
        .put("ssm.inner_size", inner);
    List<?> limit = c.listOr(List.of(), "time_step_limit");
    if (!limit.isEmpty() && !(isZero(limit.getFirst()) && isInfinite(limit.getLast()))) {
      throw c.unsupported("time_step_limit", "limits the steps");
    }
  }

  /** Elements of all heads; {@code auto} stands for what fills as much as the width is expanded. */
  static int inner(Config c, int heads, String dim) {
    return c.find(dim).filter("auto"::equals).isPresent()
        ? Math.multiplyExact(c.required("hidden_size"), c.countOr(2, "mamba_expand"))
        : Math.multiplyExact(heads, c.required(dim));
  }

  private static boolean isZero(Object value) {
    return value instanceof Number number && number.doubleValue() == 0;
  }

  /** As a number, as null, or as the object that transformers writes for it. */
  private static boolean isInfinite(Object value) {
    return !(value instanceof Number number) || Double.isInfinite(number.doubleValue());
  }

  static void tensors(Translation t, String module) {
    t.layer(module + ".in_proj", "ssm_in")
        .layer(module + ".out_proj", "ssm_out")
        .layer(module + ".conv1d", "ssm_conv1d", rows -> rows.squeezed().widened())
        .layer(module + ".norm", "ssm_norm", Rows::widened)
        .layerTensor(module + ".A_log", "ssm_a", rows -> rows.mapped(x -> (float) -Math.exp(x)))
        .layerTensor(module + ".D", "ssm_d", Rows::widened)
        .layerTensor(module + ".dt_bias", "ssm_dt.bias", Rows::widened);
  }

  static final class Mamba2 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("mamba2");
    }

    @Override
    public String architecture(Config c) {
      return "mamba2";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      if (c.countOr(1, "n_groups") != 1) {
        throw c.unsupported("n_groups", "is above 1: their norm is another in transformers");
      }
      t.put("context_length", 1 << 20)
          .put("embedding_length", c.required("hidden_size"))
          .put("block_count", c.required("num_hidden_layers"))
          .put("vocab_size", c.required("vocab_size"))
          .put("attention.layer_norm_rms_epsilon", c.requiredNumber("layer_norm_epsilon"));
      c.find("time_step_min", "time_step_max", "time_step_floor", "time_step_rank"); // of training
      c.find("use_bias", "residual_in_fp32", "rescale_prenorm_residual");
      c.require("norm_before_gate", false);
      keys(c, t, "num_heads", "head_dim");
      tensors(t, "mixer");
      t.module("embeddings", "token_embd")
          .vectors("norm_f", "output_norm")
          .module("lm_head", "output")
          .layer("norm", "attn_norm", Rows::widened);
    }
  }

  /** What Falcon-H1 multiplies activations with is multiplied to the weights before them. */
  static final class FalconH1 implements Family {
    @Override
    public List<String> modelTypes() {
      return List.of("falcon_h1");
    }

    @Override
    public String architecture(Config c) {
      return "falcon-h1";
    }

    @Override
    public void translate(Config c, Translation t) {
      Decoder.requireSilu(c);
      Decoder d = Decoder.read(c).keys(c, t).rope(c, t);
      keys(c, t, "mamba_n_heads", "mamba_d_head");
      c.find("mamba_norm_before_gate", "mamba_use_mlp", "projectors_bias");
      c.find("mlp_expansion_factor", "time_step_min", "time_step_max", "time_step_floor");
      c.require("mamba_rms_norm", false);
      tensors(t, "mamba");
      float[] parts = multipliers(c, "ssm_multipliers", 5);
      float[] ffn = multipliers(c, "mlp_multipliers", 2);
      double in = c.numberOr(1, "attention_in_multiplier");
      Rows.Change queries = scaled(in);
      t.module("embed_tokens", "token_embd", scaled(c.numberOr(1, "embedding_multiplier")))
          .vectors("final_layernorm", "output_norm")
          .module("lm_head", "output", scaled(c.numberOr(1, "lm_head_multiplier")))
          .layer("self_attn.q_proj", "attn_q", queries)
          .layer("self_attn.k_proj", "attn_k", scaled(in * c.numberOr(1, "key_multiplier")))
          .layer("self_attn.v_proj", "attn_v", queries)
          .layer(
              "self_attn.o_proj", "attn_output", scaled(c.numberOr(1, "attention_out_multiplier")))
          .layer("feed_forward.gate_proj", "ffn_gate", scaled(ffn[0]))
          .layer("feed_forward.up_proj", "ffn_up")
          .layer("feed_forward.down_proj", "ffn_down", scaled(ffn[1]))
          .layer("input_layernorm", "attn_norm", Rows::widened)
          .layer("pre_ff_layernorm", "ffn_norm", Rows::widened);
      int inner = inner(c, c.required("mamba_n_heads"), "mamba_d_head");
      int groups = c.countOr(1, "mamba_n_groups") * c.required("mamba_d_state");
      double all = c.numberOr(1, "ssm_in_multiplier");
      t.replace(
          "layers.{}.mamba.in_proj.weight",
          rows -> rows.scaledRows(row -> (float) all * parts[part(row, inner, groups)]));
      t.replace("layers.{}.mamba.out_proj.weight", scaled(c.numberOr(1, "ssm_out_multiplier")));
    }

    private static float[] multipliers(Config c, String name, int count) {
      float[] numbers = c.floats(name);
      if (numbers.length == 0) {
        numbers = new float[count];
        Arrays.fill(numbers, 1);
      }
      if (numbers.length != count) {
        throw c.bad(name, "has %d numbers where %d are needed".formatted(numbers.length, count));
      }
      return numbers;
    }

    /** Gate, x, B, C, dt: which of them a row of the projection belongs to. */
    private static int part(int row, int inner, int groups) {
      int behind = row - 2 * inner;
      if (behind < 0) {
        return row / inner;
      }
      return behind < 2 * groups ? 2 + behind / groups : 4;
    }

    private static Rows.Change scaled(double factor) {
      return factor == 1 ? Translation.AS_IT_IS : rows -> rows.mapped(x -> x * (float) factor);
    }
  }
}
