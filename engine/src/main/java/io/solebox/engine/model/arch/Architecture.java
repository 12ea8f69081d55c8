package io.solebox.engine.model.arch;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.source.Keys;

/**
 * A family of models: how its hyperparameters and tensors become a graph. One file each: config,
 * weights, graph, in that order; and one line in {@link Architectures}.
 *
 * <p>What neither method asks for refuses the file, unless it is harmless: keys between the two,
 * tensors at the end, and so do tensors that no op of the graph reads.
 *
 * @param <C> the hyperparameters
 */
interface Architecture<C> {
  /** As in {@code general.architecture}. */
  String name();

  /**
   * Reads all hyperparameters.
   *
   * @param keys of the namespace {@link #name()}
   * @throws SoleboxException {@code BAD_MODEL_FILE} for missing keys and numbers that make no
   *     sense; {@code UNSUPPORTED_MODEL} for what this version cannot compute
   */
  C config(Keys keys);

  /**
   * Describes one forward pass over the weights.
   *
   * @throws SoleboxException {@code BAD_MODEL_FILE} for missing tensors
   * @throws IllegalArgumentException if shapes do not fit
   */
  Graph graph(C config, WeightBinder weights);
}
