package io.solebox.engine.tensor;

import java.util.Optional;

/** The layouts of all formats. */
public final class BlockLayouts {
  private static final F32Layout F32 = new F32Layout();
  private static final F16Layout F16 = new F16Layout();
  private static final Bf16Layout BF16 = new Bf16Layout();
  private static final Q80Layout Q8_0 = new Q80Layout();
  private static final Q40Layout Q4_0 = new Q40Layout();
  private static final Q41Layout Q4_1 = new Q41Layout();
  private static final Q50Layout Q5_0 = new Q50Layout();
  private static final Q51Layout Q5_1 = new Q51Layout();
  private static final Q4KLayout Q4_K = new Q4KLayout();
  private static final Q5KLayout Q5_K = new Q5KLayout();
  private static final Q6KLayout Q6_K = new Q6KLayout();

  private BlockLayouts() {}

  public static BlockLayout of(TensorType type) {
    return switch (type) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case Q8_0 -> Q8_0;
      case Q4_0 -> Q4_0;
      case Q4_1 -> Q4_1;
      case Q5_0 -> Q5_0;
      case Q5_1 -> Q5_1;
      case Q4_K -> Q4_K;
      case Q5_K -> Q5_K;
      case Q6_K -> Q6_K;
    };
  }

  /** Empty for formats that are only read. */
  public static Optional<Quantizer> quantizer(TensorType type) {
    return switch (type) {
      case F32 -> Optional.of(F32);
      case F16 -> Optional.of(F16);
      case BF16 -> Optional.of(BF16);
      case Q8_0 -> Optional.of(Q8_0);
      case Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K -> Optional.empty();
    };
  }
}
