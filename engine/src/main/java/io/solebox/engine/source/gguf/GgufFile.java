package io.solebox.engine.source.gguf;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileBytes;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.ReservedTail;
import io.solebox.engine.source.SourceRole;
import io.solebox.engine.source.TensorInfo;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * One GGUF file, open for reading. It owns the mapping (or the copy) of the file's bytes: every
 * segment from {@link #data} dies with {@link #close()}. It refuses what is no model, big-endian
 * files, versions other than 2 and 3, tensor formats that the engine cannot compute with, and every
 * length, count, offset or type that does not fit the file.
 */
final class GgufFile implements AutoCloseable {
  private final Path path;
  private final GgufHeader header;
  private final Map<String, PlacedTensor> tensors;
  private final FileBytes bytes;

  private GgufFile(
      Path path, GgufHeader header, Map<String, PlacedTensor> tensors, FileBytes bytes) {
    this.path = path;
    this.header = header;
    this.tensors = tensors;
    this.bytes = bytes;
  }

  /**
   * Reads and checks the header, then maps or copies the file.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE} naming file, offset
   *     and key; {@code UNSUPPORTED_MODEL} for a version, byte order, tensor format or what is no
   *     model; {@code OUT_OF_MEMORY} if a copy does not fit; {@code MODEL_FILE_CHANGED} if somebody
   *     writes to it meanwhile; {@code CANCELLED} if the thread is interrupted; {@code IO_ERROR}
   */
  static GgufFile open(Path path, Access access) {
    return open(path, access, SourceRole::requireReadable);
  }

  /**
   * The same for a file of another purpose.
   *
   * @param purpose refuses a file of no use to the caller, at a place
   */
  static GgufFile open(Path path, Access access, BiConsumer<SourceRole, String> purpose) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      GgufHeader header = GgufHeader.read(path, channel, stamp.bytes());
      purpose.accept(header.role(), path.toString());
      Map<String, PlacedTensor> tensors = new LinkedHashMap<>();
      for (PlacedTensor tensor : TensorTable.check(path, stamp.bytes(), header)) {
        tensors.put(tensor.info().name(), tensor);
      }
      GgufFile file =
          new GgufFile(path, header, tensors, FileBytes.of(path, channel, stamp, access));
      try {
        file.checkEnd();
        return file;
      } catch (RuntimeException | Error e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  private void checkEnd() {
    tensors.values().stream()
        .filter(tensor -> tensor.info().name().endsWith(".weight"))
        .max(Comparator.comparingLong(PlacedTensor::end))
        .ifPresent(
            last -> ReservedTail.check(path, last.info().name(), last.offset(), slice(last)));
  }

  Path path() {
    return path;
  }

  int version() {
    return header.version();
  }

  long fileBytes() {
    return bytes.size();
  }

  Metadata metadata() {
    return header.metadata();
  }

  /** In file order. */
  List<TensorInfo> tensors() {
    return tensors.values().stream().map(PlacedTensor::info).toList();
  }

  /** The tensor's bytes, read-only; valid until {@link #close()}. */
  MemorySegment data(TensorInfo tensor) {
    PlacedTensor placed = tensors.get(tensor.name());
    if (placed == null || !tensor.equals(placed.info())) {
      throw new IllegalArgumentException(tensor.name() + " is no tensor of " + path);
    }
    return slice(placed);
  }

  private MemorySegment slice(PlacedTensor tensor) {
    return bytes.slice(tensor.offset(), tensor.info().bytes());
  }

  /**
   * Compares size, time and identity of the file with what was mapped. A copy cannot change.
   *
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  void checkUnchanged() {
    bytes.checkUnchanged();
  }

  /** Unmaps the file; segments from {@link #data} must not be in use. */
  @Override
  public void close() {
    bytes.close();
  }
}
