package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;
import java.util.Optional;

/** Who makes blocks of which format. */
final class Encoders {
  private Encoders() {}

  /** Whether weights can be brought to a format. */
  static boolean has(TensorType type) {
    return find(type, new PlainSearches()).isPresent();
  }

  /**
   * An encoder of its own scratch.
   *
   * @param searches for it alone
   */
  static RowEncoder of(TensorType type, Searches searches) {
    return find(type, searches)
        .orElseThrow(() -> new IllegalArgumentException(type + " is not written"));
  }

  private static Optional<RowEncoder> find(TensorType type, Searches searches) {
    return switch (type) {
      case F32, F16, BF16 -> Optional.of(new FloatEncoder(type));
      case Q4_0, Q4_1, Q5_0, Q5_1 -> Optional.of(new SmallEncoder(type, searches));
      case Q8_0 -> Optional.of(new ByteEncoder());
      case Q2_K -> Optional.of(new Q2KEncoder(searches));
      case Q3_K -> Optional.of(new Q3KEncoder(searches));
      case Q4_K, Q5_K -> Optional.of(new KEncoder(type, searches));
      case Q6_K -> Optional.of(new Q6KEncoder(searches));
      case IQ4_NL, IQ4_XS -> Optional.of(new Iq4Encoder(type, searches));
      case IQ3_S -> Optional.of(new Iq3SEncoder());
      case IQ3_XXS -> Optional.of(new Iq3XxsEncoder());
      case TQ1_0, TQ2_0 -> Optional.of(new TernaryEncoder(type));
      case MXFP4 -> Optional.of(new Mxfp4Encoder());
      case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, NVFP4, Q1_0, Q2_0 -> Optional.empty();
    };
  }
}
