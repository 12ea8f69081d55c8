package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource.Access;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * All bytes of one file, mapped or copied. It owns them: every slice dies with {@link #close()}.
 *
 * <p>A file that is cut while it is mapped makes the reader of the lost pages fail with an {@link
 * InternalError}; {@link #checkUnchanged()} before the first use catches what happened earlier, and
 * {@link Access#COPIED} is immune.
 */
public final class FileBytes implements AutoCloseable {
  private static final int COPY_BYTES = 16 << 20;

  private final Path path;
  private final Access access;
  private final FileStamp stamp;
  private final Arena arena;
  private final MemorySegment bytes;

  private FileBytes(Path path, Access access, FileStamp stamp, Arena arena, MemorySegment bytes) {
    this.path = path;
    this.access = access;
    this.stamp = stamp;
    this.arena = arena;
    this.bytes = bytes;
  }

  /**
   * @param channel of the file, which may be closed afterwards
   * @param stamp of the file when it was looked at first
   * @throws SoleboxException {@code OUT_OF_MEMORY} if a copy does not fit; {@code
   *     MODEL_FILE_CHANGED} if somebody writes to the file meanwhile
   */
  public static FileBytes of(Path path, FileChannel channel, FileStamp stamp, Access access)
      throws IOException {
    Arena arena = Arena.ofShared();
    try {
      MemorySegment bytes =
          switch (access) {
            case MAPPED -> channel.map(FileChannel.MapMode.READ_ONLY, 0, stamp.bytes(), arena);
            case COPIED -> copy(path, channel, stamp.bytes(), arena);
          };
      stamp.checkStill(path);
      return new FileBytes(path, access, stamp, arena, bytes);
    } catch (IOException | RuntimeException | Error e) {
      arena.close();
      throw e;
    }
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

  public long size() {
    return stamp.bytes();
  }

  /** Read-only; valid until {@link #close()}. */
  public MemorySegment slice(long offset, long length) {
    return bytes.asSlice(offset, length);
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

  /** Gives the bytes back; slices must not be in use. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}
