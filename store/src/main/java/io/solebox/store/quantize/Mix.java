package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a whole model can be quantized to: a format for most matrices, and rules for the others
 * ({@link MixRules}). Numbers are those of {@code general.file_type} (ggml-org/llama.cpp:
 * include/llama.h, enum llama_ftype).
 */
public enum Mix {
  F32(0, TensorType.F32),
  F16(1, TensorType.F16),
  BF16(32, TensorType.BF16),
  Q8_0(7, TensorType.Q8_0),
  Q6_K(18, TensorType.Q6_K),
  Q5_K_M(17, TensorType.Q5_K),
  Q5_K_S(16, TensorType.Q5_K),
  Q5_1(9, TensorType.Q5_1),
  Q5_0(8, TensorType.Q5_0),
  Q4_K_M(15, TensorType.Q4_K),
  Q4_K_S(14, TensorType.Q4_K),
  Q4_1(3, TensorType.Q4_1),
  Q4_0(2, TensorType.Q4_0),
  IQ4_NL(25, TensorType.IQ4_NL),
  IQ4_XS(30, TensorType.IQ4_XS),
  Q3_K_L(13, TensorType.Q3_K),
  Q3_K_M(12, TensorType.Q3_K),
  Q3_K_S(11, TensorType.Q3_K),
  IQ3_M(27, TensorType.IQ3_S),
  IQ3_S(26, TensorType.IQ3_S),
  Q2_K(10, TensorType.Q2_K),
  Q2_K_S(21, TensorType.Q2_K);

  /** Short names that people know. */
  private static final Map<String, Mix> SHORT =
      Map.of("Q3_K", Q3_K_M, "Q4_K", Q4_K_M, "Q5_K", Q5_K_M);

  private final int fileType;
  private final TensorType base;

  Mix(int fileType, TensorType base) {
    this.fileType = fileType;
    this.base = base;
  }

  /** Of a name in any case, as in {@code q4_k_m}. */
  public static Optional<Mix> named(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(mix -> mix.name().equals(upper))
        .findFirst()
        .or(() -> Optional.ofNullable(SHORT.get(upper)));
  }

  /** All names, most bits first. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Mix::name).toList();
  }

  /** The number in {@code general.file_type}. */
  public int fileType() {
    return fileType;
  }

  /** The format of most matrices. */
  public TensorType base() {
    return base;
  }
}
