package io.solebox.engine.tensor;

import java.util.Optional;

/** The layouts of all formats. */
public final class BlockLayouts {
  private static final F32Layout F32 = new F32Layout();
  private static final F16Layout F16 = new F16Layout();
  private static final Bf16Layout BF16 = new Bf16Layout();
  private static final Q80Layout Q8_0 = new Q80Layout();
  private static final CodedLayout Q4_0 = new NibbleLayout(TensorType.Q4_0);
  private static final CodedLayout Q4_1 = new NibbleLayout(TensorType.Q4_1);
  private static final CodedLayout IQ4_NL = new NibbleLayout(TensorType.IQ4_NL);
  private static final CodedLayout MXFP4 = new NibbleLayout(TensorType.MXFP4);
  private static final CodedLayout Q5_0 = new FiveBitLayout(TensorType.Q5_0);
  private static final CodedLayout Q5_1 = new FiveBitLayout(TensorType.Q5_1);
  private static final CodedLayout Q2_K = new Q2KLayout();
  private static final CodedLayout Q3_K = new Q3KLayout();
  private static final CodedLayout Q4_K = new KLayout(TensorType.Q4_K);
  private static final CodedLayout Q5_K = new KLayout(TensorType.Q5_K);
  private static final CodedLayout Q6_K = new Q6KLayout();
  private static final CodedLayout IQ4_XS = new Iq4XsLayout();
  private static final CodedLayout IQ1_S = new Iq1SLayout();
  private static final CodedLayout IQ1_M = new Iq1MLayout();
  private static final CodedLayout IQ2_XXS = new Iq2XxsLayout();
  private static final CodedLayout IQ2_XS = new Iq2XsLayout();
  private static final CodedLayout IQ2_S = new Iq2SLayout();
  private static final CodedLayout IQ3_XXS = new Iq3XxsLayout();
  private static final CodedLayout IQ3_S = new Iq3SLayout();
  private static final CodedLayout TQ1_0 = new Tq1Layout();
  private static final CodedLayout TQ2_0 = new Tq2Layout();
  private static final CodedLayout NVFP4 = new Nvfp4Layout();
  private static final CodedLayout Q1_0 = new BitsLayout(TensorType.Q1_0);
  private static final CodedLayout Q2_0 = new BitsLayout(TensorType.Q2_0);

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
      case Q2_K -> Q2_K;
      case Q3_K -> Q3_K;
      case Q4_K -> Q4_K;
      case Q5_K -> Q5_K;
      case Q6_K -> Q6_K;
      case IQ4_NL -> IQ4_NL;
      case IQ4_XS -> IQ4_XS;
      case MXFP4 -> MXFP4;
      case NVFP4 -> NVFP4;
      case IQ1_S -> IQ1_S;
      case IQ1_M -> IQ1_M;
      case IQ2_XXS -> IQ2_XXS;
      case IQ2_XS -> IQ2_XS;
      case IQ2_S -> IQ2_S;
      case IQ3_XXS -> IQ3_XXS;
      case IQ3_S -> IQ3_S;
      case TQ1_0 -> TQ1_0;
      case TQ2_0 -> TQ2_0;
      case Q1_0 -> Q1_0;
      case Q2_0 -> Q2_0;
    };
  }

  /** Of the quantized formats. */
  public static Optional<CodedLayout> coded(TensorType type) {
    return of(type) instanceof CodedLayout coded ? Optional.of(coded) : Optional.empty();
  }

  /** Empty for formats that are only read. */
  public static Optional<Quantizer> quantizer(TensorType type) {
    return of(type) instanceof Quantizer quantizer ? Optional.of(quantizer) : Optional.empty();
  }
}
