package io.solebox.store.quantize;

import io.solebox.engine.source.TensorInfo;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a tensor does in its model, as far as it matters to its format. */
public enum TensorClass {
  TOKEN_EMBD("token_embd"),
  ATTN_Q("attn_q"),
  ATTN_K("attn_k"),
  ATTN_V("attn_v"),
  ATTN_QKV("attn_qkv"),
  ATTN_KV_B("attn_kv_b"),
  ATTN_OUTPUT("attn_output"),
  FFN_UP("ffn_up"),
  FFN_GATE("ffn_gate"),
  FFN_DOWN("ffn_down"),
  OUTPUT("output"),
  OTHER("other");

  private static final Pattern LAYER = Pattern.compile("^blk\\.(\\d{1,9})\\.");

  /**
   * Parts of names of matrices that are too small or too delicate (ggml-org/llama.cpp:
   * src/llama-quant.cpp says which).
   */
  private static final List<String> LEFT_ALONE =
      List.of(
          "_norm.weight",
          "ffn_gate_inp.weight",
          "ffn_gate_tid2eid.weight",
          "altup",
          "laurel",
          "per_layer_model_proj",
          "ssm_conv1d",
          "shortconv.conv.weight",
          "indexer.k_proj.weight",
          "indexer.q_proj.weight",
          "time_mix_first.weight",
          "time_mix_w0.weight",
          "time_mix_w1.weight",
          "time_mix_w2.weight",
          "time_mix_v0.weight",
          "time_mix_v1.weight",
          "time_mix_v2.weight",
          "time_mix_a0.weight",
          "time_mix_a1.weight",
          "time_mix_a2.weight",
          "time_mix_g1.weight",
          "time_mix_g2.weight",
          "time_mix_decay_w1.weight",
          "time_mix_decay_w2.weight",
          "time_mix_lerp_fused.weight",
          "attn_rel_b.weight",
          ".position_embd",
          "sam.pos_embd",
          "sam.neck.",
          "sam.net_",
          ".rel_pos",
          ".patch_embd",
          ".patch_merger",
          "a.rvq.codebook",
          "mm.a.code_embd");

  private static final List<String> LEFT_ALONE_WHOLE =
      List.of("position_embd.weight", "token_types.weight");

  private final String title;

  TensorClass(String title) {
    this.title = title;
  }

  /** As in reports. */
  public String title() {
    return title;
  }

  /** Of a tensor's name. */
  public static TensorClass of(String name) {
    return switch (name) {
      case "output.weight" -> OUTPUT;
      case "token_embd.weight", "per_layer_token_embd.weight" -> TOKEN_EMBD;
      default -> ofLayer(name);
    };
  }

  private static TensorClass ofLayer(String name) {
    if (name.contains("attn_qkv.weight")) {
      return ATTN_QKV;
    }
    if (name.contains("attn_kv_b.weight")) {
      return ATTN_KV_B;
    }
    if (name.contains("attn_v.weight")) {
      return ATTN_V;
    }
    if (name.contains("attn_k.weight")) {
      return ATTN_K;
    }
    if (name.contains("attn_q.weight")) {
      return ATTN_Q;
    }
    if (name.contains("attn_output.weight")) {
      return ATTN_OUTPUT;
    }
    if (name.contains("ffn_up")) {
      return FFN_UP;
    }
    if (name.contains("ffn_gate")) {
      return FFN_GATE;
    }
    return name.contains("ffn_down") ? FFN_DOWN : OTHER;
  }

  /** Whether values are made here, alone or among others: the most sensitive of attention. */
  boolean makesValues() {
    return this == ATTN_V || this == ATTN_QKV || this == ATTN_KV_B;
  }

  /** The number of the layer that a name is of; empty outside layers. */
  static Optional<Integer> layer(String name) {
    Matcher layer = LAYER.matcher(name);
    return layer.find() ? Optional.of(Integer.valueOf(layer.group(1))) : Optional.empty();
  }

  /** Whether a tensor is quantized at all: matrices are, but for those that are small. */
  static boolean isQuantized(TensorInfo tensor) {
    String name = tensor.name();
    boolean matrix = tensor.shape().stream().skip(1).anyMatch(size -> size > 1);
    return matrix
        && name.endsWith("weight")
        && LEFT_ALONE.stream().noneMatch(name::contains)
        && !LEFT_ALONE_WHOLE.contains(name);
  }
}
