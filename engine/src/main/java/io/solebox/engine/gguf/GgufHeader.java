package io.solebox.engine.gguf;

import io.solebox.engine.error.SoleboxException;
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
    int version, GgufMetadata metadata, List<Tensor> tensors, long dataOffset, int alignment) {
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

  /**
   * Reads the header only.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE}, {@code
   *     UNSUPPORTED_MODEL} (version, byte order) or {@code IO_ERROR}
   */
  public static GgufHeader read(Path path) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      return new HeaderReader(path, channel, stamp.bytes()).read();
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }
}
