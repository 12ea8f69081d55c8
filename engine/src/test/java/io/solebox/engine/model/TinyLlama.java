package io.solebox.engine.model;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.source.gguf.GgufWriter.TensorData;
import io.solebox.engine.source.gguf.TinyGguf;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The smallest files of an architecture that has Llama's tensors. */
public final class TinyLlama {
  /** E and F. */
  static final int WIDTH = 8;

  static final int HEADS = 2;
  static final int VOCABULARY = 12;
  static final int LAYERS = 2;

  private TinyLlama() {}

  /** A whole file, to which more can be put. */
  public static GgufWriter of(String architecture) {
    return of(architecture, List.of("attn_q", "attn_k", "attn_v"));
  }

  /** With one tensor for queries, keys and values. */
  public static GgufWriter fused(String architecture) {
    return of(architecture, List.of("attn_qkv"));
  }

  private static GgufWriter of(String architecture, List<String> projections) {
    GgufWriter out = new GgufWriter();
    String prefix = architecture + ".";
    out.put("general.architecture", architecture)
        .put(prefix + "block_count", LAYERS)
        .put(prefix + "context_length", 64)
        .put(prefix + "embedding_length", WIDTH)
        .put(prefix + "feed_forward_length", WIDTH)
        .put(prefix + "attention.head_count", HEADS)
        .put(prefix + "attention.layer_norm_rms_epsilon", 1e-5f);
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < VOCABULARY; i++) {
      tokens.add("t" + i);
    }
    out.put("tokenizer.ggml.model", "llama").put("tokenizer.ggml.tokens", tokens);
    matrix(out, "token_embd.weight", VOCABULARY);
    for (int l = 0; l < LAYERS; l++) {
      String layer = "blk." + l + ".";
      vector(out, layer + "attn_norm.weight", WIDTH);
      for (String name : projections) {
        matrix(out, layer + name + ".weight", 3 * WIDTH / projections.size());
      }
      matrix(out, layer + "attn_output.weight", WIDTH);
      vector(out, layer + "ffn_norm.weight", WIDTH);
      for (String name : List.of("ffn_gate", "ffn_up", "ffn_down")) {
        matrix(out, layer + name + ".weight", WIDTH);
      }
    }
    vector(out, "output_norm.weight", WIDTH);
    return out;
  }

  /** Adds a vector of random numbers. */
  static GgufWriter vector(GgufWriter out, String name, int length) {
    return out.tensor(name, TensorType.F32, List.of((long) length), random(name, length));
  }

  /** Adds a matrix of random numbers with {@link #WIDTH} columns. */
  static GgufWriter matrix(GgufWriter out, String name, int rows) {
    List<Long> shape = List.of((long) WIDTH, (long) rows);
    return out.tensor(name, TensorType.F32, shape, random(name, WIDTH * rows));
  }

  private static TensorData random(String seed, int count) {
    var numbers = new SplittableRandom(seed.hashCode());
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) numbers.nextDouble(0.1, 1);
    }
    return TinyGguf.floats(values);
  }
}
