package io.solebox.store.quantize;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** Chooses the format of one tensor after the other, in the order of {@link QuantizePlan}. */
final class Planner {
  private final QuantizeOptions options;
  private final MixRules rules;

  Planner(
      Metadata metadata, List<TensorInfo> tensors, QuantizeOptions options, boolean importance) {
    this.options = options;
    boolean tied = tensors.stream().noneMatch(t -> kind(t) == TensorClass.OUTPUT);
    long values = tensors.stream().filter(t -> kind(t).makesValues()).count();
    this.rules =
        new MixRules(options.mix(), ModelShape.of(metadata), importance, tied, (int) values);
  }

  private static TensorClass kind(TensorInfo tensor) {
    return TensorClass.of(tensor.name());
  }

  QuantizePlan.Planned plan(TensorInfo tensor) {
    TensorClass kind = kind(tensor);
    TensorType wanted = TensorClass.isQuantized(tensor) ? wanted(tensor, kind) : tensor.type();
    TensorType target = fitting(wanted, tensor.cols());
    if (target != tensor.type() && !Encoders.has(target)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          tensor.name(),
          "this version reads weights in " + target + ", but does not write them",
          "Choose another format.");
    }
    return new QuantizePlan.Planned(
        tensor, kind, target, target == wanted ? Optional.empty() : Optional.of(wanted));
  }

  private TensorType wanted(TensorInfo tensor, TensorClass kind) {
    if (kind == TensorClass.TOKEN_EMBD && options.embedding().isPresent()) {
      return options.embedding().get();
    }
    if (kind == TensorClass.OUTPUT && options.output().isPresent()) {
      return options.output().get();
    }
    TensorType base = options.mix().base();
    if (!base.isQuantized()) {
      return base;
    }
    Optional<TensorType> own =
        options.overrides().stream()
            .filter(o -> o.pattern().matcher(tensor.name()).find())
            .map(QuantizeOptions.Override::type)
            .findFirst();
    if (own.isPresent()) {
      return own.get();
    }
    if (options.pure()) {
      return base;
    }
    if (rules.isOutput(kind) && options.output().isPresent()) {
      return options.output().get();
    }
    return rules.choose(tensor.name(), kind, tensor.cols());
  }

  /** The format, or the nearest one whose blocks are small enough for rows of so many weights. */
  private static TensorType fitting(TensorType wanted, int cols) {
    if (cols % wanted.blockSize() == 0) {
      return wanted;
    }
    TensorType smaller =
        switch (wanted) {
          case IQ1_S, IQ1_M, IQ2_XXS, IQ2_XS, IQ2_S, IQ3_XXS, IQ3_S, IQ4_XS -> TensorType.IQ4_NL;
          case Q2_K, Q3_K, TQ1_0, TQ2_0, Q1_0, Q2_0 -> TensorType.Q4_0;
          case Q4_K -> TensorType.Q5_0;
          case Q5_K -> TensorType.Q5_1;
          case Q6_K -> TensorType.Q8_0;
          case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, IQ4_NL, MXFP4, NVFP4 -> TensorType.F16;
        };
    return cols % smaller.blockSize() == 0 ? smaller : TensorType.F16;
  }
}
