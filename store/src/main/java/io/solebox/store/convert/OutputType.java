package io.solebox.store.convert;

import io.solebox.engine.tensor.TensorType;
import java.util.Optional;

/** In what the matrices of a converted model are written. */
public enum OutputType {
  /** As the first matrix of the folder has it, whatever config.json says of all. */
  AUTO(Optional.empty()),
  F32(Optional.of(TensorType.F32)),
  F16(Optional.of(TensorType.F16)),
  BF16(Optional.of(TensorType.BF16)),
  Q8_0(Optional.of(TensorType.Q8_0));

  private final Optional<TensorType> type;

  OutputType(Optional<TensorType> type) {
    this.type = type;
  }

  /** Empty where the folder decides. */
  Optional<TensorType> type() {
    return type;
  }
}
