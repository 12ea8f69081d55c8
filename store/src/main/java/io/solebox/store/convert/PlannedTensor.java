package io.solebox.store.convert;

import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;

/**
 * A tensor and what is written of it.
 *
 * @param source as it is offered
 * @param type in the file
 */
public record PlannedTensor(TensorInfo source, TensorType type) {
  public String name() {
    return source.name();
  }

  /** In the file. */
  public long bytes() {
    return type.bytes(source.elements());
  }
}
