package io.solebox.engine.model.adapter;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.ModelSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An adapter as it lies on disk, whatever holds it, in the words of the model's tensors. Owns the
 * bytes of its weights.
 */
public interface LoraFile extends AutoCloseable {
  /**
   * The change of one matrix: {@code scale * B A}.
   *
   * @param tensor of the model, as in {@code blk.0.attn_q.weight}
   * @param a [rank, cols of the tensor]
   * @param b [rows of the tensor, rank]
   * @param scale before that of {@link AdapterOptions}
   */
  record Pair(String tensor, Weight a, Weight b, float scale) {}

  /**
   * Opens an adapter and checks that it was made for a model; weights are not read yet.
   *
   * @param path a GGUF file, or a folder of PEFT
   * @param base the model that it is to change
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE} for what is no
   *     adapter, a damaged one, or one of another model; {@code UNSUPPORTED_MODEL} for what it asks
   *     for and nobody computes
   */
  static LoraFile open(Path path, ModelSource base, ModelSource.Access access) {
    LoraFile file =
        PeftLora.isPeft(path)
            ? PeftLora.open(path, base.metadata(), access)
            : GgufLora.open(path, access);
    try {
      Fit.require(file, base);
      file.pairs().forEach(pair -> Fit.requireShapes(file, pair, base));
      return file;
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

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
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  void checkUnchanged();

  @Override
  void close();
}
