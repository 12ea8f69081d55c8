package io.solebox.app.bench;

import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A model of random weights in the shape of a known one: what its file says, and its tensors. */
record SynthModel(SynthShape shape, SynthFormat format) {
  private static final float NORM_EPS = 1e-5f;

  /** Llama 3.1's scaling of rotary frequencies (config.json, rope_scaling). */
  private static final double ROPE_FACTOR = 32;

  private static final double LOW_FREQUENCY = 1;
  private static final double HIGH_FREQUENCY = 4;
  private static final double ORIGINAL_CONTEXT = 8192;

  /** Enough for chat and serve to work. */
  private static final String CHAT_TEMPLATE =
      "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
          + "{% if add_generation_prompt %}assistant: {% endif %}";

  /**
   * A matrix of random weights, or a vector.
   *
   * @param values of a vector
   */
  record Tensor(String name, TensorType type, int cols, int rows, Optional<float[]> values) {
    long bytes() {
      return type.bytes((long) rows * cols);
    }

    /** As GGUF writes it. */
    List<Long> sizes() {
      return values.isPresent() ? List.of((long) cols) : List.of((long) cols, (long) rows);
    }
  }

  /**
   * @throws IllegalArgumentException that says which shapes or formats there are
   */
  static SynthModel of(String shape, String format) {
    SynthShape known =
        SynthShape.byTitle(shape)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no shape " + shape + "; there are " + SynthShape.titles()));
    try {
      return new SynthModel(known, SynthFormat.of(format));
    } catch (IllegalArgumentException e) {
      List<String> types = Arrays.stream(TensorType.values()).map(Enum::name).toList();
      throw new IllegalArgumentException(
          "there is no format %s; there are %s, Q4_K_M".formatted(format, String.join(", ", types)),
          e);
    }
  }

  /** As in {@code 13b:Q4_K_M}. */
  static SynthModel parse(String text) {
    String[] parts = text.split(":", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("%s is not SHAPE:TYPE, as in 13b:Q4_K_M".formatted(text));
    }
    return of(parts[0].toLowerCase(Locale.ROOT), parts[1]);
  }

  String title() {
    return "synthetic " + shape.title + " " + format.name();
  }

  /** Hyperparameters and vocabulary. */
  GgufWriter header() {
    var out = new GgufWriter();
    out.put("general.architecture", "llama")
        .put("general.name", title())
        .put("general.file_type", format.fileType())
        .put("llama.block_count", shape.layers)
        .put("llama.context_length", shape.context)
        .put("llama.embedding_length", shape.hidden)
        .put("llama.feed_forward_length", shape.ffn)
        .put("llama.attention.head_count", shape.heads)
        .put("llama.attention.head_count_kv", shape.kvHeads)
        .put("llama.attention.layer_norm_rms_epsilon", NORM_EPS)
        .put("llama.rope.dimension_count", shape.headDim())
        .put("llama.rope.freq_base", shape.ropeBase)
        .put("llama.vocab_size", shape.vocab)
        .put("tokenizer.chat_template", CHAT_TEMPLATE);
    SynthVocabulary.write(out, shape);
    return out;
  }

  /** In the order of a file. */
  List<Tensor> tensors() {
    var all = new ArrayList<Tensor>();
    int kv = shape.kvHeads * shape.headDim();
    int hidden = shape.hidden;
    TensorType main = format.main();
    all.add(matrix("token_embd", shape.tied ? format.output() : main, hidden, shape.vocab));
    all.add(ones("output_norm"));
    if (!shape.tied) {
      all.add(matrix("output", format.output(), hidden, shape.vocab));
    }
    if (shape == SynthShape.LLAMA_1B) {
      all.add(vector("rope_freqs", ropeDivisors()));
    }
    for (int layer = 0; layer < shape.layers; layer++) {
      String scope = "blk." + layer + ".";
      TensorType sensitive = format.sensitive(layer, shape.layers);
      all.add(ones(scope + "attn_norm"));
      all.add(matrix(scope + "attn_q", main, hidden, hidden));
      all.add(matrix(scope + "attn_k", main, hidden, kv));
      all.add(matrix(scope + "attn_v", sensitive, hidden, kv));
      all.add(matrix(scope + "attn_output", main, hidden, hidden));
      all.add(ones(scope + "ffn_norm"));
      all.add(matrix(scope + "ffn_gate", main, hidden, shape.ffn));
      all.add(matrix(scope + "ffn_up", main, hidden, shape.ffn));
      all.add(matrix(scope + "ffn_down", sensitive, shape.ffn, hidden));
    }
    return all;
  }

  private static Tensor matrix(String name, TensorType type, int cols, int rows) {
    return new Tensor(name + ".weight", type, cols, rows, Optional.empty());
  }

  private Tensor ones(String name) {
    float[] ones = new float[shape.hidden];
    Arrays.fill(ones, 1);
    return vector(name, ones);
  }

  private static Tensor vector(String name, float[] values) {
    return new Tensor(name + ".weight", TensorType.F32, values.length, 1, Optional.of(values));
  }

  /** What each pair's frequency is divided by, as Llama 3.1 stretches its context. */
  private float[] ropeDivisors() {
    float[] divisors = new float[shape.headDim() / 2];
    for (int i = 0; i < divisors.length; i++) {
      double frequency = Math.pow(shape.ropeBase, -2.0 * i / shape.headDim());
      double turns = ORIGINAL_CONTEXT * frequency / (2 * Math.PI);
      double keep = (turns - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
      double share = Math.clamp(keep, 0, 1);
      divisors[i] = (float) (1 / ((1 - share) / ROPE_FACTOR + share));
    }
    return divisors;
  }
}
