package io.solebox.store.quantize;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of each tensor of a model, known before anything is read but its header.
 *
 * @param tensors in the order of the file to be: outside layers first, then by layer, then by name
 */
public record QuantizePlan(List<Planned> tensors) {
  private static final Comparator<TensorInfo> ORDER =
      Comparator.comparingInt((TensorInfo t) -> TensorClass.layer(t.name()).orElse(-1))
          .thenComparing(TensorInfo::name);

  /**
   * A tensor as it is, and as it will be.
   *
   * @param wanted the format that it would have, where its rows are no whole blocks of that
   */
  public record Planned(
      TensorInfo source, TensorClass kind, TensorType target, Optional<TensorType> wanted) {
    /** Of the data as it will be. */
    public long bytes() {
      return target.bytes(source.elements());
    }

    /** Whether its bytes stay as they are. */
    public boolean isCopied() {
      return target == source.type();
    }

    /** Matrices that differ only in what they are multiplied with: experts. */
    int matrices() {
      return source.shape().size() > 2 ? Math.toIntExact(source.shape().get(2)) : 1;
    }
  }

  public QuantizePlan {
    tensors = List.copyOf(tensors);
  }

  /**
   * @param importance of the model's matrices, where it is known
   * @throws SoleboxException {@code INVALID_PARAMETER} for a matrix that is quantized already where
   *     that is not allowed, for a format that needs importance, and for importance of another
   *     model; {@code BAD_MODEL_FILE}
   */
  public static QuantizePlan of(
      Metadata metadata,
      List<TensorInfo> tensors,
      QuantizeOptions options,
      Optional<ImportanceMatrix> importance) {
    var planner = new Planner(metadata, tensors, options, importance.isPresent());
    var plan = new QuantizePlan(tensors.stream().sorted(ORDER).map(planner::plan).toList());
    plan.tensors.forEach(t -> check(t, options, importance));
    return plan;
  }

  /** Of the data of all tensors, without padding between them. */
  public long tensorBytes() {
    return tensors.stream().mapToLong(Planned::bytes).sum();
  }

  /** Of the data as it is. */
  public long sourceBytes() {
    return tensors.stream().mapToLong(t -> t.source().bytes()).sum();
  }

  public long weights() {
    return tensors.stream().mapToLong(t -> t.source().elements()).sum();
  }

  public double bitsPerWeight() {
    return tensorBytes() * 8.0 / weights();
  }

  /** How many tensors have rows that are no whole blocks of the format that they would have. */
  public int fallbacks() {
    return (int) tensors.stream().filter(t -> t.wanted().isPresent()).count();
  }

  /** Bits that a format takes for a weight. */
  public static double bits(TensorType type) {
    return type.blockBytes() * 8.0 / type.blockSize();
  }

  private static void check(
      Planned tensor, QuantizeOptions options, Optional<ImportanceMatrix> importance) {
    String place = Printable.name(tensor.source().name());
    TensorType from = tensor.source().type();
    if (tensor.isCopied()) {
      return;
    }
    if (from.isQuantized() && !options.requantize()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "this matrix is in %s (%.2f bits per weight) already, and would become %s (%.2f): what the first rounding lost stays lost, and the second adds to it"
              .formatted(from, bits(from), tensor.target(), bits(tensor.target())),
          "Quantize the model as it was published in F16, BF16 or F32; or take the loss with"
              + " --allow-requantize.");
    }
    boolean has = importance.flatMap(i -> i.of(tensor.source())).isPresent();
    boolean end = tensor.kind() == TensorClass.TOKEN_EMBD || tensor.kind() == TensorClass.OUTPUT;
    if (!end && !has) {
      requireImportance(tensor, options.mix());
    }
  }

  /** As llama.cpp does: of so few bits, most would be spent on what does not matter. */
  private static void requireImportance(Planned tensor, Mix mix) {
    boolean coarse = tensor.target() == TensorType.IQ3_XXS;
    if (coarse || mix == Mix.Q2_K_S && tensor.target() == TensorType.Q2_K) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          Printable.name(tensor.source().name()),
          "%s needs to know which weights matter, and nothing is known of this matrix"
              .formatted(coarse ? tensor.target() : mix),
          "Give an importance matrix of this model with --imatrix (`solebox imatrix` makes one), or"
              + " choose %s.".formatted(coarse ? TensorType.IQ3_S : Mix.Q2_K));
    }
  }
}
