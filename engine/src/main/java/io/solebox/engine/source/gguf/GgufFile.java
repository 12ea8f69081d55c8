package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource.Access;
import io.solebox.engine.source.TensorInfo;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One GGUF file, open for reading. It owns the mapping (or the copy) of the file's bytes: every
 * segment from {@link #data} dies with {@link #close()}. It refuses what is no model, big-endian
 * files, versions other than 2 and 3, tensor formats that the engine cannot compute with, and every
 * length, count, offset or type that does not fit the file.
 *
 * <p>A file that is cut while it is mapped makes the reader of the lost pages fail with an {@link
 * InternalError}; {@link #checkUnchanged()} before the first use catches what happened earlier, and
 * {@link Access#COPIED} is immune.
 */
final class GgufFile implements AutoCloseable {
  private static final int COPY_BYTES = 16 << 20;

  private final Path path;
  private final Access access;
  private final FileStamp stamp;
  private final GgufHeader header;
  private final Map<String, PlacedTensor> tensors;
  private final Arena arena;
  private final MemorySegment bytes;

  private GgufFile(
      Path path,
      Access access,
      FileStamp stamp,
      GgufHeader header,
      Map<String, PlacedTensor> tensors,
      Arena arena,
      MemorySegment bytes) {
    this.path = path;
    this.access = access;
    this.stamp = stamp;
    this.header = header;
    this.tensors = tensors;
    this.arena = arena;
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
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      GgufHeader header = GgufHeader.read(path, channel, stamp.bytes());
      header.role().requireReadable(path.toString());
      Map<String, PlacedTensor> tensors = new LinkedHashMap<>();
      for (PlacedTensor tensor : TensorTable.check(path, stamp.bytes(), header)) {
        tensors.put(tensor.info().name(), tensor);
      }
      Arena arena = Arena.ofShared();
      try {
        MemorySegment bytes = load(path, access, channel, stamp.bytes(), arena);
        stamp.checkStill(path);
        GgufFile file = new GgufFile(path, access, stamp, header, tensors, arena, bytes);
        file.checkEnd();
        return file;
      } catch (IOException | RuntimeException | Error e) {
        arena.close();
        throw e;
      }
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    }
  }

  private static MemorySegment load(
      Path path, Access access, FileChannel channel, long size, Arena arena) throws IOException {
    return switch (access) {
      case MAPPED -> channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
      case COPIED -> copy(path, channel, size, arena);
    };
  }

  private static MemorySegment copy(Path path, FileChannel channel, long size, Arena arena)
      throws IOException {
    MemorySegment into;
    try {
      into = arena.allocate(size, 64);
    } catch (OutOfMemoryError e) {
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          path.toString(),
          "the file's " + size + " bytes do not fit in memory",
          "Leave out --no-mmap, or use a smaller model.",
          e);
    }
    for (long at = 0; at < size; ) {
      ByteBuffer part = into.asSlice(at, Math.min(COPY_BYTES, size - at)).asByteBuffer();
      int read = channel.read(part, at);
      if (read < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
      at += read;
    }
    return into.asReadOnly();
  }

  private void checkEnd() {
    tensors.values().stream()
        .filter(tensor -> tensor.info().name().endsWith(".weight"))
        .max(Comparator.comparingLong(PlacedTensor::end))
        .ifPresent(last -> ReservedTail.check(path, last, slice(last)));
  }

  Path path() {
    return path;
  }

  int version() {
    return header.version();
  }

  long fileBytes() {
    return stamp.bytes();
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
    return bytes.asSlice(tensor.offset(), tensor.info().bytes());
  }

  /**
   * Compares size, time and identity of the file with what was mapped. A copy cannot change.
   *
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  void checkUnchanged() {
    if (access == Access.MAPPED) {
      stamp.checkStill(path);
    }
  }

  /** Unmaps the file; segments from {@link #data} must not be in use. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
