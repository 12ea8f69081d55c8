package io.solebox.app.bench;

import static io.solebox.app.bench.SynthLayers.attention;
import static io.solebox.app.bench.SynthLayers.network;
import static io.solebox.app.bench.SynthTensor.matrix;
import static io.solebox.app.bench.SynthTensor.ones;
import static io.solebox.app.bench.SynthTensor.same;
import static io.solebox.app.bench.SynthTensor.stack;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What an architecture has of its own, for models of random weights. */
enum SynthFamily {
  LLAMA {
    @Override
    String architecture() {
      return "llama";
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<SynthTensor>();
      if (s == SynthShape.LLAMA_1B) {
        all.add(SynthTensor.vector("rope_freqs", LlamaRope.divisors(s)));
      }
      for (int layer = 0; layer < s.layers; layer++) {
        String scope = "blk." + layer + ".";
        attention(all, scope, layer, s, format);
        all.add(ones(scope + "ffn_norm", s.hidden));
        network(all, scope, layer, s, format);
      }
      return all;
    }
  },

  /** A decoder for vectors: a text's is that of its last token. */
  VECTORS {
    private static final int LAST = 3;

    @Override
    String architecture() {
      return LLAMA.architecture();
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("pooling_type"), LAST);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      return LLAMA.tensors(s, format);
    }
  },

  /** A decoder that scores texts. */
  SCORES {
    private static final int RANK = 4;

    @Override
    String architecture() {
      return LLAMA.architecture();
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("pooling_type"), RANK);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<>(LLAMA.tensors(s, format));
      all.add(matrix("cls.output", TensorType.F32, s.hidden, 1));
      return all;
    }
  },

  /** Qwen3-30B-A3B with half of its experts and a quarter of its layers. */
  EXPERTS {
    private static final int EXPERT_COUNT = 64;
    private static final int USED = 8;

    @Override
    String architecture() {
      return "qwen3moe";
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("expert_count"), EXPERT_COUNT)
          .put(key("expert_used_count"), USED)
          .put(key("expert_feed_forward_length"), s.ffn);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<SynthTensor>();
      TensorType main = format.main();
      for (int layer = 0; layer < s.layers; layer++) {
        String scope = "blk." + layer + ".";
        TensorType sensitive = format.sensitive(layer, s.layers);
        attention(all, scope, layer, s, format);
        all.add(ones(scope + "attn_q_norm", s.headDim));
        all.add(ones(scope + "attn_k_norm", s.headDim));
        all.add(ones(scope + "ffn_norm", s.hidden));
        all.add(matrix(scope + "ffn_gate_inp", TensorType.F32, s.hidden, EXPERT_COUNT));
        all.add(stack(scope + "ffn_gate_exps", main, s.hidden, s.ffn, EXPERT_COUNT));
        all.add(stack(scope + "ffn_up_exps", main, s.hidden, s.ffn, EXPERT_COUNT));
        all.add(stack(scope + "ffn_down_exps", sensitive, s.ffn, s.hidden, EXPERT_COUNT));
      }
      return all;
    }
  },

  /** Qwen 3.5: three of four layers keep a state. */
  HYBRID {
    private static final int STATE_HEADS = 16;
    private static final int STATE_DIM = 128;
    private static final int TAPS = 4;
    private static final int INTERVAL = 4;

    @Override
    String architecture() {
      return "qwen35";
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("rope.dimension_count"), s.headDim / 4)
          .put(key("rope.dimension_sections"), new int[] {11, 11, 10, 0})
          .put(key("full_attention_interval"), INTERVAL)
          .put(key("ssm.conv_kernel"), TAPS)
          .put(key("ssm.inner_size"), STATE_HEADS * STATE_DIM)
          .put(key("ssm.state_size"), STATE_DIM)
          .put(key("ssm.time_step_rank"), STATE_HEADS)
          .put(key("ssm.group_count"), STATE_HEADS);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<SynthTensor>();
      for (int layer = 0; layer < s.layers; layer++) {
        String scope = "blk." + layer + ".";
        if ((layer + 1) % INTERVAL == 0) {
          gatedAttention(all, scope, layer, s, format);
        } else {
          state(all, scope, s, format.main());
        }
        all.add(ones(scope + "post_attention_norm", s.hidden));
        network(all, scope, layer, s, format);
      }
      return all;
    }

    private void gatedAttention(
        List<SynthTensor> all, String scope, int layer, SynthShape s, SynthFormat format) {
      TensorType main = format.main();
      int heads = s.heads * s.headDim;
      all.add(ones(scope + "attn_norm", s.hidden));
      all.add(matrix(scope + "attn_q", main, s.hidden, 2 * heads));
      all.add(matrix(scope + "attn_k", main, s.hidden, s.kvHeads * s.headDim));
      TensorType sensitive = format.sensitive(layer, s.layers);
      all.add(matrix(scope + "attn_v", sensitive, s.hidden, s.kvHeads * s.headDim));
      all.add(ones(scope + "attn_q_norm", s.headDim));
      all.add(ones(scope + "attn_k_norm", s.headDim));
      all.add(matrix(scope + "attn_output", main, heads, s.hidden));
    }

    private void state(List<SynthTensor> all, String scope, SynthShape s, TensorType main) {
      int inner = STATE_HEADS * STATE_DIM;
      all.add(ones(scope + "attn_norm", s.hidden));
      all.add(matrix(scope + "attn_qkv", main, s.hidden, 3 * inner));
      all.add(matrix(scope + "attn_gate", main, s.hidden, inner));
      all.add(matrix(scope + "ssm_conv1d", TensorType.F32, TAPS, 3 * inner));
      all.add(SynthTensor.named(scope + "ssm_dt.bias", new float[STATE_HEADS]));
      float[] rates = new float[STATE_HEADS];
      Arrays.fill(rates, -1);
      all.add(SynthTensor.named(scope + "ssm_a", rates));
      all.add(matrix(scope + "ssm_beta", TensorType.F32, s.hidden, STATE_HEADS));
      all.add(matrix(scope + "ssm_alpha", TensorType.F32, s.hidden, STATE_HEADS));
      all.add(ones(scope + "ssm_norm", STATE_DIM));
      all.add(matrix(scope + "ssm_out", main, inner, s.hidden));
    }
  },

  /** The attention of DeepSeek 2, with a dense network. */
  LATENT {
    private static final int LATENT_DIM = 512;
    private static final int ROPE_DIM = 64;
    private static final int PLAIN_DIM = 128;
    private static final int VALUE_DIM = 128;
    private static final int QUERY_RANK = 1536;

    @Override
    String architecture() {
      return "deepseek2";
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("attention.key_length"), LATENT_DIM + ROPE_DIM)
          .put(key("attention.value_length"), LATENT_DIM)
          .put(key("attention.key_length_mla"), PLAIN_DIM + ROPE_DIM)
          .put(key("attention.value_length_mla"), VALUE_DIM)
          .put(key("attention.q_lora_rank"), QUERY_RANK)
          .put(key("attention.kv_lora_rank"), LATENT_DIM)
          .put(key("rope.dimension_count"), ROPE_DIM)
          .put(key("leading_dense_block_count"), s.layers)
          .put(key("expert_count"), 0)
          .put(key("expert_used_count"), 0)
          .put(key("expert_feed_forward_length"), s.ffn)
          .put(key("expert_shared_count"), 0)
          .put(key("expert_weights_scale"), 1f);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<SynthTensor>();
      TensorType main = format.main();
      for (int layer = 0; layer < s.layers; layer++) {
        String scope = "blk." + layer + ".";
        all.add(ones(scope + "attn_norm", s.hidden));
        all.add(matrix(scope + "attn_q_a", main, s.hidden, QUERY_RANK));
        all.add(ones(scope + "attn_q_a_norm", QUERY_RANK));
        int queries = s.heads * (PLAIN_DIM + ROPE_DIM);
        all.add(matrix(scope + "attn_q_b", main, QUERY_RANK, queries));
        all.add(matrix(scope + "attn_kv_a_mqa", main, s.hidden, LATENT_DIM + ROPE_DIM));
        all.add(ones(scope + "attn_kv_a_norm", LATENT_DIM));
        // Quantizers leave these as they are where their rows are shorter than a block.
        TensorType perHead = PLAIN_DIM % main.blockSize() == 0 ? main : TensorType.Q8_0;
        all.add(stack(scope + "attn_k_b", perHead, PLAIN_DIM, LATENT_DIM, s.heads));
        all.add(stack(scope + "attn_v_b", main, LATENT_DIM, VALUE_DIM, s.heads));
        all.add(matrix(scope + "attn_output", main, s.heads * VALUE_DIM, s.hidden));
        all.add(ones(scope + "ffn_norm", s.hidden));
        network(all, scope, layer, s, format);
      }
      return all;
    }
  },

  GEMMA {
    private static final int WINDOW = 512;

    @Override
    String architecture() {
      return "gemma3";
    }

    @Override
    void header(GgufWriter out, SynthShape s) {
      common(out, s);
      out.put(key("attention.sliding_window"), WINDOW);
    }

    @Override
    List<SynthTensor> tensors(SynthShape s, SynthFormat format) {
      var all = new ArrayList<SynthTensor>();
      for (int layer = 0; layer < s.layers; layer++) {
        String scope = "blk." + layer + ".";
        attention(all, scope, layer, s, format);
        all.add(ones(scope + "attn_q_norm", s.headDim));
        all.add(ones(scope + "attn_k_norm", s.headDim));
        // What is added stays small, as training makes it.
        all.add(same(scope + "post_attention_norm", s.hidden, SMALL));
        all.add(ones(scope + "ffn_norm", s.hidden));
        network(all, scope, layer, s, format);
        all.add(same(scope + "post_ffw_norm", s.hidden, SMALL));
      }
      return all;
    }
  };

  private static final float NORM_EPS = 1e-5f;
  private static final float SMALL = 0.1f;

  abstract String architecture();

  /** Hyperparameters. */
  abstract void header(GgufWriter out, SynthShape s);

  /** Of all layers. */
  abstract List<SynthTensor> tensors(SynthShape s, SynthFormat format);

  String key(String name) {
    return architecture() + "." + name;
  }

  void common(GgufWriter out, SynthShape s) {
    out.put(key("block_count"), s.layers)
        .put(key("context_length"), s.context)
        .put(key("embedding_length"), s.hidden)
        .put(key("feed_forward_length"), s.ffn)
        .put(key("attention.head_count"), s.heads)
        .put(key("attention.head_count_kv"), s.kvHeads)
        .put(key("attention.key_length"), s.headDim)
        .put(key("attention.value_length"), s.headDim)
        .put(key("attention.layer_norm_rms_epsilon"), NORM_EPS)
        .put(key("rope.dimension_count"), s.headDim)
        .put(key("rope.freq_base"), s.ropeBase)
        .put(key("vocab_size"), s.vocab);
  }
}
