package io.solebox.store.quantize;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorType;

/**
 * Which matrices of a {@link Mix} get another format than most: some matter more, and the first and
 * the last layers do. The same choices as llama.cpp's (ggml-org/llama.cpp: src/llama-quant.cpp);
 * its counters ask for tensors in its order.
 */
final class MixRules {
  private final Mix mix;
  private final ModelShape shape;
  private final boolean importance;
  private final boolean tied;
  private final int valueMatrices;
  private int values;
  private int downs;

  /**
   * @param importance whether there is an importance matrix
   * @param tied whether token embeddings are the output, too
   * @param valueMatrices how many tensors {@link TensorClass#makesValues make values}
   */
  MixRules(Mix mix, ModelShape shape, boolean importance, boolean tied, int valueMatrices) {
    this.mix = mix;
    this.shape = shape;
    this.importance = importance;
    this.tied = tied;
    this.valueMatrices = valueMatrices;
  }

  /** Whether a tensor is the output, by itself or as token embeddings. */
  boolean isOutput(TensorClass kind) {
    return kind == TensorClass.OUTPUT || tied && kind == TensorClass.TOKEN_EMBD;
  }

  /** The format of the next tensor. */
  TensorType choose(String name, TensorClass kind, int cols) {
    if (isOutput(kind)) {
      return output(cols);
    }
    return switch (kind) {
      case ATTN_V, ATTN_QKV, ATTN_KV_B -> values();
      case ATTN_K -> shape.experts() == 8 ? TensorType.Q8_0 : mix.base();
      case FFN_DOWN -> down(layer(name));
      case ATTN_OUTPUT -> attentionOutput();
      case TOKEN_EMBD, ATTN_Q, FFN_UP, FFN_GATE, OUTPUT, OTHER -> mix.base();
    };
  }

  private TensorType output(int cols) {
    if (shape.isFalcon() || cols % mix.base().blockSize() != 0) {
      return TensorType.Q8_0;
    }
    return mix.base() == TensorType.Q8_0 ? TensorType.Q8_0 : TensorType.Q6_K;
  }

  private TensorType values() {
    int i = values++;
    boolean shared = shape.headsPerKv() >= 4;
    TensorType base = mix.base();
    TensorType type =
        switch (mix) {
          case Q2_K -> shared ? TensorType.Q4_K : TensorType.Q3_K;
          case Q2_K_S, IQ3_S -> shared ? TensorType.Q4_K : base;
          case IQ3_M -> TensorType.Q4_K;
          case Q3_K_M -> i < 2 ? TensorType.Q5_K : TensorType.Q4_K;
          case Q3_K_L -> TensorType.Q5_K;
          case IQ4_NL, IQ4_XS -> shared ? TensorType.Q5_K : base;
          case Q4_K_M, Q5_K_M -> deservesMore(i, valueMatrices) ? TensorType.Q6_K : base;
          case Q4_K_S -> i < 4 ? TensorType.Q5_K : base;
          case F32, F16, BF16, Q8_0, Q6_K, Q5_K_S, Q5_1, Q5_0, Q4_1, Q4_0, Q3_K_S -> base;
        };
    if (shape.experts() == 8) {
      return TensorType.Q8_0;
    }
    boolean small = type == TensorType.Q3_K || type == TensorType.Q4_K;
    return small && shape.isSeventyBillion() ? TensorType.Q5_K : type;
  }

  private TensorType down(int i) {
    int n = shape.layers();
    boolean early = i < n / 8;
    boolean falcon = shape.isFalcon();
    TensorType base = mix.base();
    return switch (mix) {
      case Q2_K -> TensorType.Q3_K;
      case Q2_K_S -> early ? TensorType.Q4_K : base;
      case Q3_K_M -> {
        boolean four = !falcon || deservesMore(i, n);
        yield i < n / 16 ? TensorType.Q5_K : four ? TensorType.Q4_K : TensorType.Q3_K;
      }
      case IQ3_M -> early || shape.experts() == 8 && deservesMore(i, n) ? TensorType.Q4_K : base;
      case Q3_K_L -> falcon ? TensorType.Q4_K : TensorType.Q5_K;
      case Q4_K_M -> {
        TensorType more = falcon && i >= n / 16 ? TensorType.Q5_K : TensorType.Q6_K;
        yield deservesMore(i, n) || falcon && i < n / 16 ? more : base;
      }
      case IQ4_NL, IQ4_XS -> early && !importance ? TensorType.Q5_K : base;
      case Q5_K_M -> deservesMore(i, n) ? TensorType.Q6_K : base;
      case Q4_K_S -> early && !falcon ? TensorType.Q5_K : base;
      case Q4_0 -> early && importance ? TensorType.Q4_1 : base;
      case Q5_0 -> early && importance ? TensorType.Q5_1 : base;
      case F32, F16, BF16, Q8_0, Q6_K, Q5_K_S, Q5_1, Q4_1, Q3_K_S, IQ3_S -> base;
    };
  }

  private TensorType attentionOutput() {
    TensorType base = mix.base();
    if (shape.isFalcon()) {
      return mix == Mix.Q3_K_L ? TensorType.Q4_K : base;
    }
    if (shape.experts() == 8) {
      return switch (mix) {
        case Q2_K, Q3_K_S, Q3_K_M, IQ4_NL, IQ4_XS, Q4_K_S, Q4_K_M, IQ3_S, IQ3_M -> TensorType.Q5_K;
        case F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_1, Q4_0 -> base;
        case Q3_K_L, Q2_K_S -> base;
      };
    }
    return switch (mix) {
      case Q2_K -> TensorType.Q3_K;
      case Q3_K_M, IQ3_M -> TensorType.Q4_K;
      case Q3_K_L -> TensorType.Q5_K;
      case F32, F16, BF16, Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_1, Q4_0 -> base;
      case Q4_K_M, Q4_K_S, IQ4_NL, IQ4_XS, Q3_K_S, IQ3_S, Q2_K_S -> base;
    };
  }

  /** The first and the last eighth of layers, and each third one between. */
  private static boolean deservesMore(int i, int n) {
    return i < n / 8 || i >= 7 * n / 8 || (i - n / 8) % 3 == 2;
  }

  /** How many came before; with experts, whose tensors may be in any order, the layer's number. */
  private int layer(String name) {
    int before = downs++;
    if (shape.experts() <= 1) {
      return before;
    }
    return TensorClass.layer(name)
        .filter(layer -> layer < shape.layers())
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.BAD_MODEL_FILE,
                    name,
                    "the tensor is of none of the model's " + shape.layers() + " layers",
                    "Download or convert the model again."));
  }
}
