package io.solebox.engine.model;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.model.arch.Architectures;
import io.solebox.engine.source.ModelSource;

/**
 * A model as its hyperparameters and the shapes of its tensors describe it, with no vocabulary and
 * perhaps no weights: enough to say what it takes and what its steps read and compute. Its graph is
 * the one that runs.
 */
public record ModelOutline(ModelInfo info, Graph graph) {
  /**
   * @param source stays open as long as the graph's weights are asked for more than their sizes
   * @throws SoleboxException {@code BAD_MODEL_FILE} or {@code UNSUPPORTED_MODEL}, also for what is
   *     no model
   */
  public static ModelOutline of(ModelSource source) {
    ModelFile.requireModel(source);
    Architectures.Described described = Architectures.describe(source);
    return new ModelOutline(
        ModelDescription.of(source, described.graph(), described.notes()), described.graph());
  }
}
