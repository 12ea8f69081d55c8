package io.solebox.engine.source.gguf;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a GGUF file has what. What lies between header and tensors is zeros.
 *
 * @param offsets of the tensors' bytes in the file, in their order
 * @param fileBytes of the whole file
 */
public record GgufLayout(ByteBuffer header, List<Long> offsets, long fileBytes) {
  public GgufLayout {
    header = header.asReadOnlyBuffer();
    offsets = List.copyOf(offsets);
  }

  /** The bytes from the file's start on, up to its first tensor's padding; a view of its own. */
  @Override
  public ByteBuffer header() {
    return header.duplicate();
  }
}
