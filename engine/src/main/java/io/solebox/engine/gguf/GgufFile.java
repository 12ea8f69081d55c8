package io.solebox.engine.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model file, open for reading. It owns the mapping (or the copy) of the file's bytes: every
 * segment from {@link #data} dies with {@link #close()}. It refuses big-endian files, versions
 * other than 2 and 3, tensor formats that the engine cannot compute with, and every length, count,
 * offset or type that does not fit the file.
 *
 * <p>A file that is cut while it is mapped makes the reader of the lost pages fail with an {@link
 * InternalError}; {@link #checkUnchanged()} before the first use catches what happened earlier, and
 * {@link Access#COPIED} is immune.
 */
public final class GgufFile implements AutoCloseable {
  /** How the bytes are held. */
  public enum Access {
    /** Memory-mapped: loads at once, shares the page cache. */
    MAPPED,
    /** Read into memory, for storage that cannot be trusted. */
    COPIED
  }

  private static final int COPY_BYTES = 16 << 20;

  private final Path path;
  private final Access access;
  private final FileStamp stamp;
  private final GgufHeader header;
  private final Map<String, TensorInfo> tensors;
  private final Arena arena;
  private final MemorySegment bytes;

  private GgufFile(
      Path path,
      Access access,
      FileStamp stamp,
      GgufHeader header,
      Map<String, TensorInfo> tensors,
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
   *     and key; {@code UNSUPPORTED_MODEL} for a version, byte order or tensor format; {@code
   *     OUT_OF_MEMORY} if a copy does not fit; {@code MODEL_FILE_CHANGED} if somebody writes to it
   *     meanwhile; {@code CANCELLED} if the thread is interrupted; {@code IO_ERROR}
   */
  public static GgufFile open(Path path, Access access) {
    FileStamp stamp = FileStamp.of(path);
    try (FileChannel channel = FileChannel.open(path)) {
      GgufHeader header = new HeaderReader(path, channel, stamp.bytes()).read();
      Map<String, TensorInfo> tensors = new LinkedHashMap<>();
      for (TensorInfo tensor : TensorTable.check(path, stamp.bytes(), header)) {
        tensors.put(tensor.name(), tensor);
      }
      Arena arena = Arena.ofShared();
      try {
        MemorySegment bytes = load(path, access, channel, stamp.bytes(), arena);
        stamp.checkStill(path);
        return new GgufFile(path, access, stamp, header, tensors, arena, bytes);
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

  public Path path() {
    return path;
  }

  public int version() {
    return header.version();
  }

  public long fileBytes() {
    return stamp.bytes();
  }

  public GgufMetadata metadata() {
    return header.metadata();
  }

  /** In file order. */
  public List<TensorInfo> tensors() {
    return List.copyOf(tensors.values());
  }

  public Optional<TensorInfo> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** The tensor's bytes, read-only; valid until {@link #close()}. */
  public MemorySegment data(TensorInfo tensor) {
    if (!tensor.equals(tensors.get(tensor.name()))) {
      throw new IllegalArgumentException(tensor.name() + " is no tensor of " + path);
    }
    return bytes.asSlice(tensor.offset(), tensor.bytes());
  }

  /**
   * Compares size, time and identity of the file with what was mapped. A copy cannot change.
   *
   * @throws SoleboxException {@code MODEL_FILE_CHANGED}
   */
  public void checkUnchanged() {
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
