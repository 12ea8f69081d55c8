package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Where what leaves the KV cache goes when it has to leave host memory too, until the model is
 * closed.
 *
 * @param folder for a file without a name
 * @param bytes that each model may take there
 * @param trouble hears once, for people, that the disk fails; on any thread
 * @throws SoleboxException {@code INVALID_PARAMETER} where nothing could lie there
 */
public record SpillDisk(Path folder, long bytes, Consumer<String> trouble) {
  public SpillDisk {
    if (bytes < 1) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "kv-spill-disk",
          "is " + bytes + ", but must be at least 1.",
          "Give a size such as 64G.");
    }
  }
}
