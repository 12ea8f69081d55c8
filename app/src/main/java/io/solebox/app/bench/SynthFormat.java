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
  private static final int MIX_OF_Q4_K = 15;
  private static final int Q6_BITS = 6;

  /**
   * @return the format of that name, as in {@code Q8_0} or {@code Q4_K_M}
   * @throws IllegalArgumentException if there is none
   */
  static SynthFormat of(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "Q4_K_M" -> new SynthFormat(upper, TensorType.Q4_K, true, MIX_OF_Q4_K);
      default -> {
        TensorType type = TensorType.valueOf(upper);
        yield new SynthFormat(upper, type, false, type.fileType());
      }
    };
  }

  /** Of the output matrix, or of the embedding that is one. */
  TensorType output() {
    boolean fewer = main.family().isPresent() && main.family().get().codes().bits() < Q6_BITS;
    return fewer ? TensorType.Q6_K : main;
  }

  /** Of the value and down projections of a layer. */
  TensorType sensitive(int layer, int layers) {
    int eighth = layers / 8;
    boolean more = layer < eighth || layer >= 7 * layers / 8 || (layer - eighth) % 3 == 2;
    return mixed && more ? TensorType.Q6_K : main;
  }
}
