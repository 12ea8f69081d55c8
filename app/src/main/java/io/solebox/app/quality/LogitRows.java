package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows of logits f32 [V] that one model has left for the other. */
sealed interface LogitRows extends AutoCloseable {
  /** Keeps a copy. */
  void put(long row, MemorySegment logits);

  /** Valid until the next call. */
  MemorySegment get(long row);

  @Override
  void close();

  /** More than so much of one chunk waits in a file. */
  long MOST_BYTES_IN_MEMORY = 1L << 30;

  /** Wherever so many rows have a place. */
  static LogitRows of(Path folder, long rows, int vocab) {
    return rows * Float.BYTES * vocab <= MOST_BYTES_IN_MEMORY
        ? inMemory(rows, vocab)
        : inFile(folder, rows, vocab);
  }

  /** In memory: the rows of a chunk. */
  static LogitRows inMemory(long rows, int vocab) {
    return new InMemory(rows, vocab);
  }

  /**
   * In a file that vanishes with this: the rows of a text.
   *
   * @throws SoleboxException {@code IO_ERROR}, also where the disk has no room for them
   */
  static LogitRows inFile(Path folder, long rows, int vocab) {
    return new InFile(folder, rows, vocab);
  }

  /** Owns its memory. */
  final class InMemory implements LogitRows {
    private final Arena arena = Arena.ofShared(); // filled by the model's thread
    private final MemorySegment rows;
    private final long rowBytes;

    private InMemory(long rows, int vocab) {
      this.rowBytes = Float.BYTES * (long) vocab;
      this.rows = arena.allocate(rows * rowBytes, Float.BYTES);
    }

    @Override
    public void put(long row, MemorySegment logits) {
      get(row).copyFrom(logits);
    }

    @Override
    public MemorySegment get(long row) {
      return rows.asSlice(row * rowBytes, rowBytes);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Owns the file. */
  final class InFile implements LogitRows {
    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer;

    private InFile(Path folder, long rows, int vocab) {
      long bytes = rows * Float.BYTES * vocab;
      try {
        if (Files.getFileStore(folder).getUsableSpace() < bytes) {
          throw new SoleboxException(
              ErrorCode.DISK_FULL,
              folder.toString(),
              "The logits of the first model take %d bytes, which are not free here."
                  .formatted(bytes),
              "Compare fewer tokens with --chunks N, free some space, or name another folder with the"
                  + " environment variable TMPDIR.");
        }
        this.path = Files.createTempFile(folder, "solebox-logits", ".f32");
        this.channel =
            FileChannel.open(
                path,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      } catch (IOException e) {
        throw failed(folder, e);
      }
      this.buffer = ByteBuffer.allocateDirect(Float.BYTES * vocab).order(ByteOrder.nativeOrder());
    }

    @Override
    public void put(long row, MemorySegment logits) {
      MemorySegment.ofBuffer(buffer.clear()).copyFrom(logits);
      try {
        for (long at = row * buffer.capacity(); buffer.hasRemaining(); ) {
          at += channel.write(buffer, at);
        }
      } catch (IOException e) {
        throw failed(path, e);
      }
    }

    @Override
    public MemorySegment get(long row) {
      buffer.clear();
      try {
        for (long at = row * buffer.capacity(); buffer.hasRemaining(); ) {
          int read = channel.read(buffer, at);
          if (read < 0) {
            throw new IOException("the file is shorter than it was");
          }
          at += read;
        }
      } catch (IOException e) {
        throw failed(path, e);
      }
      return MemorySegment.ofBuffer(buffer.flip());
    }

    private static SoleboxException failed(Path place, IOException e) {
      return new SoleboxException(
          ErrorCode.IO_ERROR,
          place.toString(),
          "The logits of the first model cannot be kept: " + e.getMessage(),
          "Compare fewer tokens with --chunks N, or check the disk.",
          e);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed(path, e);
      }
    }
  }
}
