package io.solebox.planner.model;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * A shape in GGUF's language: keys, and tensors with matrices in F16, as models are published; of
 * the plainest architecture that has such layers.
 *
 * @param answers or makes vectors of texts, and has no output matrix of its own
 */
record ShapeTensors(Shape shape, boolean answers) {
  /** The vector of the last token. */
  private static final int POOLING_LAST = 3;

  private static final float NORM_EPS = 1e-5f;
  private static final float ROPE_BASE = 500_000;

  /** Architectures, each by its name in files. */
  private enum Kind {
    LLAMA("llama"),
    QWEN3_MOE("qwen3moe"),
    COHERE2("cohere2"),
    GPT_OSS("gpt-oss");

    private final String architecture;

    Kind(String architecture) {
      this.architecture = architecture;
    }
  }

  private Kind kind() {
    boolean isMixture = shape.experts().isPresent();
    return shape.windows().isPresent()
        ? isMixture ? Kind.GPT_OSS : Kind.COHERE2
        : isMixture ? Kind.QWEN3_MOE : Kind.LLAMA;
  }

  Metadata metadata() {
    var keys = new GgufWriter();
    String scope = kind().architecture + ".";
    keys.put("general.architecture", kind().architecture)
        .put("general.name", shape.name())
        .put(scope + "block_count", shape.layers())
        .put(scope + "context_length", shape.context())
        .put(scope + "embedding_length", shape.width())
        .put(scope + "feed_forward_length", shape.ffn())
        .put(scope + "attention.head_count", shape.heads())
        .put(scope + "attention.head_count_kv", shape.kvHeads())
        .put(scope + "attention.key_length", shape.headDim())
        .put(scope + "attention.value_length", shape.headDim())
        .put(scope + "attention.layer_norm_rms_epsilon", NORM_EPS)
        .put(scope + "attention.layer_norm_epsilon", NORM_EPS)
        .put(scope + "rope.dimension_count", shape.headDim())
        .put(scope + "rope.freq_base", ROPE_BASE)
        .put(scope + "vocab_size", shape.vocabulary());
    shape
        .windows()
        .ifPresent(
            windows ->
                keys.put(scope + "attention.sliding_window", windows.tokens())
                    .put(scope + "attention.sliding_window_pattern", windows.period()));
    shape.experts().ifPresent(count -> keys.put(scope + "expert_count", count));
    shape.usedExperts().ifPresent(used -> keys.put(scope + "expert_used_count", used));
    shape.experts().ifPresent(_ -> keys.put(scope + "expert_feed_forward_length", shape.ffn()));
    if (!answers) {
      keys.put(scope + "pooling_type", POOLING_LAST);
    }
    var entries = new LinkedHashMap<String, Metadata.Entry>();
    keys.metadata()
        .forEach((key, value) -> entries.put(key, new Metadata.Entry(shape.name(), value)));
    return new Metadata(shape.name(), entries);
  }

  List<TensorInfo> tensors() {
    var all = new ArrayList<TensorInfo>();
    int width = shape.width();
    all.add(matrix("token_embd", width, shape.vocabulary()));
    all.add(vector("output_norm", width));
    if (answers && !shape.tied()) {
      all.add(matrix("output", width, shape.vocabulary()));
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      String scope = "blk." + layer + ".";
      attention(all, scope);
      norms(all, scope);
      if (shape.experts().isPresent()) {
        experts(all, scope, shape.experts().get());
      } else {
        all.add(matrix(scope + "ffn_gate", width, shape.ffn()));
        all.add(matrix(scope + "ffn_up", width, shape.ffn()));
        all.add(matrix(scope + "ffn_down", shape.ffn(), width));
      }
    }
    return all;
  }

  private void attention(List<TensorInfo> all, String scope) {
    int width = shape.width();
    int dim = shape.headDim();
    all.add(vector(scope + "attn_norm", width));
    all.add(matrix(scope + "attn_q", width, shape.heads() * dim));
    all.add(matrix(scope + "attn_k", width, shape.kvHeads() * dim));
    all.add(matrix(scope + "attn_v", width, shape.kvHeads() * dim));
    all.add(matrix(scope + "attn_output", shape.heads() * dim, width));
  }

  private void norms(List<TensorInfo> all, String scope) {
    switch (kind()) {
      case LLAMA -> all.add(vector(scope + "ffn_norm", shape.width()));
      case GPT_OSS -> {
        all.add(vector(scope + "post_attention_norm", shape.width()));
        all.add(vector(scope + "attn_sinks", shape.heads()));
      }
      case COHERE2 -> {
        // attention and network read the same norm
      }
      case QWEN3_MOE -> {
        all.add(vector(scope + "ffn_norm", shape.width()));
        all.add(vector(scope + "attn_q_norm", shape.headDim()));
        all.add(vector(scope + "attn_k_norm", shape.headDim()));
      }
    }
  }

  private void experts(List<TensorInfo> all, String scope, int count) {
    int width = shape.width();
    all.add(tensor(scope + "ffn_gate_inp", TensorType.F32, width, count));
    all.add(tensor(scope + "ffn_gate_exps", TensorType.F16, width, shape.ffn(), count));
    all.add(tensor(scope + "ffn_up_exps", TensorType.F16, width, shape.ffn(), count));
    all.add(tensor(scope + "ffn_down_exps", TensorType.F16, shape.ffn(), width, count));
  }

  private static TensorInfo vector(String name, int size) {
    return tensor(name, TensorType.F32, size);
  }

  private static TensorInfo matrix(String name, int cols, int rows) {
    return tensor(name, TensorType.F16, cols, rows);
  }

  private static TensorInfo tensor(String name, TensorType type, long... sizes) {
    List<Long> shape = Arrays.stream(sizes).boxed().toList();
    long elements = shape.stream().reduce(1L, Math::multiplyExact);
    return new TensorInfo(name + ".weight", type, shape, type.bytes(elements));
  }
}
