package io.solebox.engine.source.gguf;

import java.util.Map;
import java.util.Optional;

/**
 * Names of the tensor formats that GGUF files can hold (ggml-org/ggml: include/ggml.h, enum
 * ggml_type), so that a refusal can say what it met.
 */
final class GgmlTypes {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0, "F32"),
          Map.entry(1, "F16"),
          Map.entry(2, "Q4_0"),
          Map.entry(3, "Q4_1"),
          Map.entry(6, "Q5_0"),
          Map.entry(7, "Q5_1"),
          Map.entry(8, "Q8_0"),
          Map.entry(9, "Q8_1"),
          Map.entry(10, "Q2_K"),
          Map.entry(11, "Q3_K"),
          Map.entry(12, "Q4_K"),
          Map.entry(13, "Q5_K"),
          Map.entry(14, "Q6_K"),
          Map.entry(15, "Q8_K"),
          Map.entry(16, "IQ2_XXS"),
          Map.entry(17, "IQ2_XS"),
          Map.entry(18, "IQ3_XXS"),
          Map.entry(19, "IQ1_S"),
          Map.entry(20, "IQ4_NL"),
          Map.entry(21, "IQ3_S"),
          Map.entry(22, "IQ2_S"),
          Map.entry(23, "IQ4_XS"),
          Map.entry(24, "I8"),
          Map.entry(25, "I16"),
          Map.entry(26, "I32"),
          Map.entry(27, "I64"),
          Map.entry(28, "F64"),
          Map.entry(29, "IQ1_M"),
          Map.entry(30, "BF16"),
          Map.entry(34, "TQ1_0"),
          Map.entry(35, "TQ2_0"),
          Map.entry(39, "MXFP4"),
          Map.entry(40, "NVFP4"),
          Map.entry(41, "Q1_0"),
          Map.entry(42, "Q2_0"));

  /**
   * A format that was taken out again.
   *
   * @param instead what the same weights are in today
   */
  record Removed(String name, String instead) {}

  /** Early formats, and layouts for single processors that are made from plain ones at load now. */
  private static final Map<Integer, Removed> REMOVED =
      Map.ofEntries(
          Map.entry(4, new Removed("Q4_2", "Q4_0")),
          Map.entry(5, new Removed("Q4_3", "Q4_1")),
          Map.entry(31, new Removed("Q4_0_4_4", "Q4_0")),
          Map.entry(32, new Removed("Q4_0_4_8", "Q4_0")),
          Map.entry(33, new Removed("Q4_0_8_8", "Q4_0")),
          Map.entry(36, new Removed("IQ4_NL_4_4", "IQ4_NL")),
          Map.entry(37, new Removed("IQ4_NL_4_8", "IQ4_NL")),
          Map.entry(38, new Removed("IQ4_NL_8_8", "IQ4_NL")));

  private GgmlTypes() {}

  /** {@code IQ4_XS}, or {@code unknown type 77}. */
  static String name(int id) {
    return removed(id)
        .map(Removed::name)
        .orElseGet(() -> NAMES.getOrDefault(id, "unknown type " + Integer.toUnsignedString(id)));
  }

  static Optional<Removed> removed(int id) {
    return Optional.ofNullable(REMOVED.get(id));
  }
}
