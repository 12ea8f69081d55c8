package io.solebox.engine.source;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.TensorBytes;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model as it was found on disk, whatever holds it: hyperparameters and vocabulary under GGUF's
 * keys, tensors under GGUF's names and in GGUF's layouts. What is stored in another way is
 * translated once, by its implementation, so that tokenizers and architectures know one language.
 *
 * <p>It owns the bytes: all that comes from {@link #bytes} dies with {@link #close()}.
 */
public interface ModelSource extends AutoCloseable {
  /** How the bytes are held. */
  enum Access {
    /** Memory-mapped: loads at once, shares the page cache. */
    MAPPED,
    /** Read into memory, for storage that cannot be trusted. */
    COPIED
  }

  /** Opens a source; one that is in memory already ignores how. */
  interface Opener {
    ModelSource open(Access access);
  }

  /** The path that was opened, for errors. */
  String place();

  /** What to call a model that has no name of its own, as in {@code Llama-3.2-1B-Q8_0}. */
  String fileName();

  /** Bytes on disk, of all its files. */
  long fileBytes();

  Metadata metadata();

  /** In the order of the files. */
  List<TensorInfo> tensors();

  Optional<TensorInfo> tensor(String name);

  /** The tensor's bytes; valid until {@link #close()}. */
  TensorBytes bytes(TensorInfo tensor);

  /** The tensor's bytes in memory, for small ones; valid until {@link #close()}. */
  default MemorySegment data(TensorInfo tensor) {
    return bytes(tensor).inMemory();
  }

  /**
   * The folder with the vocabulary in the form of its makers; empty where it stands under GGUF's
   * keys.
   */
  default Optional<Path> tokenizerFolder() {
    return Optional.empty();
  }

  /** For people: what was found and left out, or changed, as the source was translated. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * Asks whether the files are still those that were opened. A copy cannot change.
   *
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  void checkUnchanged();

  /** Gives the bytes back; what came from {@link #bytes} must not be in use. */
  @Override
  void close();
}
