package io.solebox.engine.model.adapter;

import io.solebox.engine.graph.Weight;
import java.util.List;
import java.util.Optional;

/**
 * An adapter as it lies on disk, whatever holds it, in the words of the model's tensors. Owns the
 * bytes of its weights.
 */
interface LoraFile extends AutoCloseable {
  /**
   * The change of one matrix: {@code scale * B A}.
   *
   * @param tensor of the model, as in {@code blk.0.attn_q.weight}
   * @param a [rank, cols of the tensor]
   * @param b [rows of the tensor, rank]
   * @param scale before that of {@link AdapterOptions}
   */
  record Pair(String tensor, Weight a, Weight b, float scale) {}

  /** For errors. */
  String place();

  /** Of the models that it was made for, where it says so. */
  Optional<String> architecture();

  /** The model that it was made for, where it says so; for people. */
  default Optional<String> madeFor() {
    return Optional.empty();
  }

  List<Pair> pairs();

  /** What who uses it should know. */
  List<String> notes();

  /** On disk. */
  long fileBytes();

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code MODEL_FILE_CHANGED}
   */
  void checkUnchanged();

  @Override
  void close();
}
