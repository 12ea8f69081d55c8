package io.solebox.engine.api;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.model.adapter.AdapterInfo;
import java.util.List;
import java.util.Optional;

/** A model file that was opened and understood, and of which no weight was read yet. */
public interface LoadableModel extends AutoCloseable {
  ModelInfo info();

  /** The adapters that would be loaded with it. */
  default List<AdapterInfo> adapters() {
    return List.of();
  }

  /** What {@link #load} would take now; the same computation decides what a load gets. */
  LoadEstimate estimate();

  /** What it would take now with other options. */
  LoadEstimate estimate(LoadOptions other);

  /** What each token of an answer reads; empty for a model that gives none. */
  Optional<Decoding> decoding();

  /**
   * Takes the memory, reads the weights, and starts the model's loop. Can be called once.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} with the numbers, with who holds the memory and
   *     with what would fit; {@code CANCELLED}; {@code MODEL_FILE_CHANGED}; {@code IO_ERROR}
   */
  LoadedModel load(Progress progress);

  /**
   * As {@link #load}, to be told what its matrices are multiplied with.
   *
   * @throws SoleboxException as {@link #load}; {@code INVALID_PARAMETER} where a device cannot tell
   */
  WatchedModel watch(Progress progress);

  /** Closes the file of a model that was not loaded; does nothing for one that was. */
  @Override
  void close();
}
