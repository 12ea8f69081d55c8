package io.solebox.store.quantize;

import io.solebox.engine.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a model is quantized to.
 *
 * @param pure the mix's base format for all matrices
 * @param output the format of the output matrix, whatever the mix says
 * @param embedding the same of token embeddings
 * @param overrides formats of other tensors by their names; the first that matches counts
 * @param requantize whether matrices that are quantized already may be quantized again
 */
public record QuantizeOptions(
    Mix mix,
    boolean pure,
    Optional<TensorType> output,
    Optional<TensorType> embedding,
    List<Override> overrides,
    boolean requantize) {
  public QuantizeOptions {
    overrides = List.copyOf(overrides);
  }

  /**
   * A format for tensors whose name has a part that matches.
   *
   * @param pattern is searched in the name
   */
  public record Override(Pattern pattern, TensorType type) {}

  /** A mix as it is. */
  public static QuantizeOptions of(Mix mix) {
    return new QuantizeOptions(mix, false, Optional.empty(), Optional.empty(), List.of(), false);
  }
}
