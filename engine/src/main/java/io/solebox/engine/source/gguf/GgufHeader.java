package io.solebox.engine.source.gguf;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ReservedTail;
import io.solebox.engine.source.SourceRole;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that stands before the tensor data. {@link #read} accepts tensors of every format, so
 * that a file can be inspected that cannot be run.
 *
 * @param tensors in file order
 * @param dataOffset where tensor data begins, in bytes from the start of the file
 * @param alignment of every tensor's data, in bytes; a power of two
 */
public record GgufHeader(
    int version, Metadata metadata, List<Tensor> tensors, long dataOffset, int alignment) {
  /**
   * A tensor as the file declares it; offset and size are not checked.
   *
   * @param typeId the number of its format
   * @param shape {@code ne[0]} first; every size is at least 1 and the product fits a long
   * @param offset from {@link #dataOffset()}, a multiple of the alignment, not negative
   * @param declaredAt where this declaration stands in the file, for messages
   */
  public record Tensor(String name, int typeId, List<Long> shape, long offset, long declaredAt) {
    public Tensor {
      shape = List.copyOf(shape);
    }

    /** The format's name, as in {@code IQ4_XS}; an unknown one gets {@code unknown type 77}. */
    public String typeName() {
      return GgmlTypes.name(typeId);
    }
  }

  public GgufHeader {
    tensors = List.copyOf(tensors);
  }

  /** What the file is good for. */
  public SourceRole role() {
    return SourceRole.of(metadata, tensors.stream().map(Tensor::name).toList());
  }

  /**
   * Reads the header only.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE}, {@code
   *     UNSUPPORTED_MODEL} (version, byte order) or {@code IO_ERROR}
   */
  public static GgufHeader read(Path path) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      return read(path, channel, stamp.bytes());
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  /** As {@link #read(Path)}, of an open file. */
  static GgufHeader read(Path path, FileChannel channel, long fileBytes) throws IOException {
    try {
      return new HeaderReader(path, channel, fileBytes).read();
    } catch (SoleboxException e) {
      throw ReservedTail.explain(e, path, channel, fileBytes);
    }
  }
}
