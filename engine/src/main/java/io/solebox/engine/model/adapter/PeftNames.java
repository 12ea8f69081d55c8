package io.solebox.engine.model.adapter;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.Metadata;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the modules of transformers are in GGUF: the names of their matrices, and in which order
 * their rows stand there (ggml-org/llama.cpp: convert_hf_to_gguf.py,
 * gguf-py/gguf/tensor_mapping.py).
 */
final class PeftNames {
  /**
   * A matrix of the model.
   *
   * @param tensor as in {@code blk.0.attn_q.weight}
   * @param source which row of the module's stands in a row there
   */
  record Target(String tensor, IntUnaryOperator source) {}

  private static final String ARCHITECTURE_KEY = "general.architecture";

  /** Architectures whose rows of queries and keys turn neighbours in GGUF, and halves elsewhere. */
  private static final Set<String> NEIGHBOURS =
      Set.of("llama", "mistral3", "smollm3", "granite", "granitemoe", "granitehybrid", "minicpm");

  /** Those whose rows stand as they are. */
  private static final Set<String> AS_THEY_ARE =
      Set.of(
          "bert",
          "cohere2",
          "command-r",
          "ernie4_5",
          "exaone4",
          "gemma",
          "gemma-embedding",
          "gemma2",
          "gemma3",
          "glm4",
          "glm4moe",
          "gpt-oss",
          "gpt2",
          "hunyuan-dense",
          "lfm2",
          "nemotron",
          "olmo2",
          "olmoe",
          "phi2",
          "phi3",
          "qwen2",
          "qwen2moe",
          "qwen3",
          "qwen3moe",
          "seed_oss",
          "starcoder2");

  /** Whose q, k and v stand together head by head, and one after the other in GGUF. */
  private static final String HEAD_BY_HEAD = "gptneox";

  private static final Pattern OF_LAYER =
      Pattern.compile(
          "(?:(?:model\\.)?language_model\\.(?:model\\.)?|model\\.|transformer\\.|gpt_neox\\.|roberta\\.|bert\\.)?"
              + "(?:encoder\\.)?(?:layers?|h)\\.(\\d{1,6})\\.(.+)");

  private static final Set<String> OUTPUTS = Set.of("lm_head", "embed_out");

  private static final Map<String, String> MODULES = modules();

  private final String architecture;
  private final Keys keys;

  /**
   * @param base of the model
   */
  PeftNames(Metadata base) {
    this.architecture = base.string(ARCHITECTURE_KEY);
    this.keys = new Keys(base, architecture);
  }

  private static Map<String, String> modules() {
    Map<String, String> names = new HashMap<>();
    for (String side : List.of("q", "k", "v")) {
      names.put("self_attn." + side + "_proj", "attn_" + side);
    }
    for (String side : List.of("gate", "up", "down")) {
      names.put("mlp." + side + "_proj", "ffn_" + side);
      names.put("mlp.shared_expert." + side + "_proj", "ffn_" + side + "_shexp");
      names.put("mlp.shared_experts." + side + "_proj", "ffn_" + side + "_shexp");
    }
    names.put("self_attn.o_proj", "attn_output");
    names.put("self_attn.out_proj", "attn_output");
    names.put("self_attn.dense", "attn_output");
    names.put("self_attn.qkv_proj", "attn_qkv");
    names.put("mlp.gate_up_proj", "ffn_up");
    names.put("mlp.fc1", "ffn_up");
    names.put("mlp.fc2", "ffn_down");
    names.put("mlp.c_fc", "ffn_up");
    names.put("mlp.c_proj", "ffn_down");
    names.put("mlp.gate", "ffn_gate_inp");
    names.put("mlp.router", "ffn_gate_inp");
    names.put("mlp.shared_expert_gate", "ffn_gate_inp_shexp");
    names.put("block_sparse_moe.gate", "ffn_gate_inp");
    names.put("feed_forward.w1", "ffn_gate");
    names.put("feed_forward.w3", "ffn_up");
    names.put("feed_forward.w2", "ffn_down");
    names.put("conv.in_proj", "shortconv.in_proj");
    names.put("conv.out_proj", "shortconv.out_proj");
    names.put("attn.c_attn", "attn_qkv");
    names.put("attn.c_proj", "attn_output");
    names.put("attention.query_key_value", "attn_qkv");
    names.put("attention.dense", "attn_output");
    names.put("mlp.dense_h_to_4h", "ffn_up");
    names.put("mlp.dense_4h_to_h", "ffn_down");
    names.put("attention.self.query", "attn_q");
    names.put("attention.self.key", "attn_k");
    names.put("attention.self.value", "attn_v");
    names.put("attention.output.dense", "attn_output");
    names.put("intermediate.dense", "ffn_up");
    names.put("output.dense", "ffn_down");
    return Map.copyOf(names);
  }

  String architecture() {
    return architecture;
  }

  /** Whether it is known how the rows of this architecture's matrices stand in GGUF. */
  boolean isKnown() {
    return NEIGHBOURS.contains(architecture)
        || AS_THEY_ARE.contains(architecture)
        || architecture.equals(HEAD_BY_HEAD);
  }

  /**
   * The matrix of a module.
   *
   * @param module as in {@code model.layers.0.self_attn.q_proj}
   * @param rows of its matrix
   */
  Optional<Target> find(String module, int rows) {
    if (OUTPUTS.contains(module)) {
      return Optional.of(new Target("output.weight", row -> row));
    }
    Matcher layer = OF_LAYER.matcher(module);
    if (!layer.matches() || !MODULES.containsKey(layer.group(2))) {
      return Optional.empty();
    }
    int number = Integer.parseInt(layer.group(1));
    String name = MODULES.get(layer.group(2));
    String tensor = "blk.%d.%s.weight".formatted(number, name);
    return Optional.of(new Target(tensor, source(name, number, rows)));
  }

  private IntUnaryOperator source(String name, int layer, int rows) {
    if (architecture.equals(HEAD_BY_HEAD) && name.equals("attn_qkv")) {
      int heads = heads("attention.head_count", layer);
      int dim = rows / heads / 3;
      return row -> row / dim % heads * 3 * dim + row / dim / heads * dim + row % dim;
    }
    if (!NEIGHBOURS.contains(architecture) || !(name.equals("attn_q") || name.equals("attn_k"))) {
      return row -> row;
    }
    String key = name.equals("attn_q") ? "attention.head_count" : "attention.head_count_kv";
    int dim = rows / heads(keys.has(key) ? key : "attention.head_count", layer);
    return row -> row / dim * dim + row % dim % 2 * (dim / 2) + row % dim / 2;
  }

  /** At least one: a layer without any has no such matrix. */
  private int heads(String key, int layer) {
    int layers = Math.max(layer + 1, keys.positive("block_count"));
    return Math.max(1, keys.perLayer(key, layers)[layer]);
  }
}
