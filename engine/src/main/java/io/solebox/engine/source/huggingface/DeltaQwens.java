package io.solebox.engine.source.huggingface;

import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Qwen3-Next and Qwen 3.5: most layers are gated delta nets. Gains of norms stand without the 1
 * that is added to them, and Qwen 3.5's value heads are in another order in GGUF: those of one key
 * head are one behind the other in transformers, and apart by the number of key heads there.
 */
final class DeltaQwens implements Family {
  private static final String STATE = "linear_attn.";

  /** Which of them. */
  enum Kind {
    NEXT("qwen3next", List.of("qwen3_next")),
    DENSE("qwen35", List.of("qwen3_5_text", "qwen3_5")),
    EXPERTS("qwen35moe", List.of("qwen3_5_moe_text", "qwen3_5_moe"));

    private final String architecture;
    private final List<String> modelTypes;

    Kind(String architecture, List<String> modelTypes) {
      this.architecture = architecture;
      this.modelTypes = modelTypes;
    }
  }

  /** Sizes of the delta nets: key heads, value heads, and elements of each. */
  private record Delta(int keyHeads, int heads, int dim) {
    static Delta read(Config c) {
      int dim = c.required("linear_key_head_dim");
      if (c.required("linear_value_head_dim") != dim) {
        throw c.unsupported("linear_value_head_dim", "differs from that of keys");
      }
      int keyHeads = c.required("linear_num_key_heads");
      int heads = c.required("linear_num_value_heads");
      if (keyHeads < 1 || heads % keyHeads != 0 || dim < 1) {
        throw c.bad("linear_num_value_heads", heads + " are no multiple of " + keyHeads);
      }
      return new Delta(keyHeads, heads, dim);
    }

    int shared() {
      return heads / keyHeads;
    }

    /** Of GGUF's row, the row in transformers, where each value head has {@code rows}. */
    IntUnaryOperator apart(int rows) {
      return i -> {
        int head = i / rows;
        return (head % keyHeads * shared() + head / keyHeads) * rows + i % rows;
      };
    }

    /** The same behind the rows of queries and keys. */
    IntUnaryOperator apartBehindKeys() {
      int keys = 2 * keyHeads * dim;
      return i -> i < keys ? i : keys + apart(dim).applyAsInt(i - keys);
    }

    /** Rows of one key head's queries, keys, values and gates, one group behind the other. */
    int group() {
      return 2 * dim + 2 * shared() * dim;
    }

    /** Of queries, keys and values by kind, the row where they are by key head. */
    int grouped(int i) {
      int keys = keyHeads * dim;
      if (i < 2 * keys) {
        return i % keys / dim * group() + i / keys * dim + i % dim;
      }
      int each = shared() * dim;
      int value = i - 2 * keys;
      return value / each * group() + 2 * dim + value % each;
    }

    int groupedGate(int i) {
      int each = shared() * dim;
      return i / each * group() + 2 * dim + each + i % each;
    }
  }

  private final Kind kind;

  DeltaQwens(Kind kind) {
    this.kind = kind;
  }

  @Override
  public List<String> modelTypes() {
    return kind.modelTypes;
  }

  @Override
  public String architecture(Config c) {
    return kind.architecture;
  }

  @Override
  public void translate(Config c, Translation t) {
    Decoder.requireSilu(c);
    c.find("mamba_ssm_dtype"); // of the computation
    c.names().stream().filter(name -> name.startsWith("mtp_")).forEach(c::find); // left out below
    Decoder d = Decoder.read(c).keys(c, t);
    RopeFields rope = new RopeFields(c);
    rope.write(t, d.rotated(rope.partial(0.25)), 10_000);
    rope.whole().ifPresent(p -> p.find("mrope_interleaved", "mrope_section"));
    Delta delta = Delta.read(c);
    t.put("ssm.conv_kernel", c.required("linear_conv_kernel_dim"))
        .put("ssm.state_size", delta.dim())
        .put("ssm.group_count", delta.keyHeads())
        .put("ssm.time_step_rank", delta.heads())
        .put("ssm.inner_size", delta.heads() * delta.dim())
        .put("attention.recurrent_layers", recurrent(c, d.layers()));
    c.require("attn_output_gate", true);
    ends(t);
    Decoder.attention(t);
    gains(t, "self_attn.q_norm", "attn_q_norm");
    gains(t, "self_attn.k_norm", "attn_k_norm");
    gains(t, "input_layernorm", "attn_norm");
    gains(t, "post_attention_layernorm", "post_attention_norm");
    state(t, delta);
    t.leaveOut("mtp\\..*", DeepSeeks.GUESSES);
    if (kind == Kind.DENSE) {
      Decoder.glu(t);
    } else {
      experts(c, t);
    }
  }

  private static void ends(Translation t) {
    t.module("embed_tokens", "token_embd")
        .module("norm", "output_norm", DeltaQwens::plusOne)
        .module("lm_head", "output");
  }

  private static void experts(Config c, Translation t) {
    c.require("decoder_sparse_step", 1L);
    c.require("norm_topk_prob", true);
    if (!c.listOr(List.of(), "mlp_only_layers").isEmpty()) {
      throw c.unsupported("mlp_only_layers", "leaves layers without experts");
    }
    Decoder.expertCounts(c, t);
    t.put("expert_shared_feed_forward_length", c.required("shared_expert_intermediate_size"));
    Decoder.experts(t);
    Decoder.sharedExpert(t, "mlp.shared_expert");
    t.layer("mlp.shared_expert_gate", "ffn_gate_inp_shexp", Rows::widened);
  }

  private static boolean[] recurrent(Config c, int layers) {
    int interval = Math.max(1, c.countOr(4, "full_attention_interval"));
    List<String> types = c.texts("layer_types");
    if (!types.isEmpty() && types.size() != layers) {
      throw c.bad("layer_types", "names " + types.size() + " of " + layers + " layers");
    }
    boolean[] recurrent = new boolean[layers];
    for (int l = 0; l < layers; l++) {
      recurrent[l] =
          types.isEmpty() ? (l + 1) % interval != 0 : types.get(l).equals("linear_attention");
    }
    return recurrent;
  }

  private static Rows plusOne(Rows rows) {
    return rows.mapped(x -> x + 1);
  }

  private static void gains(Translation t, String source, String target) {
    t.layer(source, target, DeltaQwens::plusOne);
  }

  private void state(Translation t, Delta d) {
    boolean apart = kind != Kind.NEXT;
    IntUnaryOperator heads = apart ? d.apart(1) : IntUnaryOperator.identity();
    IntUnaryOperator channels = apart ? d.apartBehindKeys() : IntUnaryOperator.identity();
    t.layerTensor(
            STATE + "A_log",
            "ssm_a",
            rows -> rows.reordered(heads).mapped(x -> (float) -Math.exp(x)))
        .layerTensor(STATE + "dt_bias", "ssm_dt.bias", rows -> rows.reordered(heads).widened())
        .layerTensor(
            STATE + "conv1d.weight",
            "ssm_conv1d.weight",
            rows -> rows.squeezed().reordered(channels).widened())
        .layer(STATE + "norm", "ssm_norm", Rows::widened)
        .layer(STATE + "out_proj", "ssm_out", rows -> apart ? rows.columns(d.dim(), heads) : rows);
    if (apart) {
      t.layer(STATE + "in_proj_qkv", "attn_qkv", rows -> rows.reordered(channels))
          .layer(STATE + "in_proj_z", "attn_gate", rows -> rows.reordered(d.apart(d.dim())))
          .layer(STATE + "in_proj_a", "ssm_alpha", rows -> rows.reordered(heads))
          .layer(STATE + "in_proj_b", "ssm_beta", rows -> rows.reordered(heads));
    } else {
      long width = (long) (2 * d.keyHeads() + d.heads()) * d.dim();
      long values = (long) d.heads() * d.dim();
      t.layer(
              STATE + "in_proj_qkvz",
              "attn_qkv",
              rows -> rows.select(List.of(width, rows.shape().getLast()), d::grouped))
          .layer(
              STATE + "in_proj_qkvz",
              "attn_gate",
              rows -> rows.select(List.of(values, rows.shape().getLast()), d::groupedGate))
          .layer(STATE + "in_proj_ba", "ssm_ba");
    }
  }
}
