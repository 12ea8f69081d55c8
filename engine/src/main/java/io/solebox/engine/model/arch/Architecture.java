package io.solebox.engine.model.arch;

import io.solebox.engine.gguf.GgufMetadata;
import io.solebox.engine.graph.Graph;

/** A family of models: how its hyperparameters and tensors become a graph. One file each. */
public interface Architecture {
  /** As in {@code general.architecture}. */
  String name();

  /**
   * Describes one forward pass over the weights.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_MODEL_FILE} for missing keys and
   *     tensors or shapes that do not fit; {@code UNSUPPORTED_MODEL} for what this version cannot
   *     compute
   */
  Graph build(GgufMetadata metadata, WeightBinder weights);
}
