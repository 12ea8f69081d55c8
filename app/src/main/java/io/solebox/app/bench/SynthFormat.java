package io.solebox.app.bench;

import io.solebox.engine.tensor.TensorType;
import java.util.Locale;

/**
 * Which tensor gets which type, as llama.cpp's quantizer chooses for Llama (ggml-org/llama.cpp:
 * src/llama-quant.cpp): matrices in the main type; the output in Q6_K if the main type has fewer
 * bits; norms in F32. Q4_K_M holds the value and down projections of half of the layers in Q6_K.
 *
 * @param fileType {@code general.file_type}
 */
record SynthFormat(String name, TensorType main, boolean mixed, int fileType) {
  /**
   * @return the format of that name, as in {@code Q8_0} or {@code Q4_K_M}
   * @throws IllegalArgumentException if there is none
   */
  static SynthFormat of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "Q4_K_M" -> new SynthFormat(upper, TensorType.Q4_K, true, 15);
      default -> {
        TensorType type = TensorType.valueOf(upper);
        yield new SynthFormat(upper, type, false, fileType(type));
      }
    };
  }

  private static int fileType(TensorType type) {
    return switch (type) {
      case F32 -> 0;
      case F16 -> 1;
      case Q4_0 -> 2;
      case Q4_1 -> 3;
      case Q8_0 -> 7;
      case Q5_0 -> 8;
      case Q5_1 -> 9;
      case Q4_K -> 14;
      case Q5_K -> 16;
      case Q6_K -> 18;
      case BF16 -> 32;
    };
  }

  /** Of the output matrix, or of the embedding that is one. */
  TensorType output() {
    return switch (main) {
      case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> TensorType.Q6_K;
      case F32, F16, BF16, Q8_0 -> main;
    };
  }

  /** Of the value and down projections of a layer. */
  TensorType sensitive(int layer, int layers) {
    int eighth = layers / 8;
    boolean more = layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
    return mixed && more ? TensorType.Q6_K : main;
  }
}
