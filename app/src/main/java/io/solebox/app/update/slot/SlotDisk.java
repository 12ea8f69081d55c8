package io.solebox.app.update.slot;

import io.solebox.store.blob.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The steps in which an update changes what lies on the disk. The power may fail between any two of
 * them, and within one; tests let it.
 */
public interface SlotDisk {
  /** The disk of this machine. */
  SlotDisk SYSTEM = new System();

  /**
   * Writes over what is there, from its first byte, and makes it durable; what lies behind stays.
   *
   * @param partition which is there
   */
  void overwrite(Path partition, ReadableByteChannel bytes) throws IOException;

  /** A file of these bytes, in place of what had the name. The bytes are durable, the name not. */
  void write(Path file, ReadableByteChannel bytes) throws IOException;

  /** Renames in one folder; the new name is free. */
  void move(Path from, Path to) throws IOException;

  /** Deletes a file; fine if it is gone already. */
  void delete(Path file) throws IOException;

  /** Makes the names in a folder durable. */
  void forceFolder(Path folder) throws IOException;

  /** See {@link SlotDisk#SYSTEM}. */
  final class System implements SlotDisk {
    private static final int PIECE_BYTES = 1 << 20;

    private System() {}

    @Override
    public void overwrite(Path partition, ReadableByteChannel bytes) throws IOException {
      // Closed behind it: the kernel then forgets what it has of a partition that nobody else has
      // open, and whoever reads it back reads the disk.
      try (var to = FileChannel.open(partition, StandardOpenOption.WRITE)) {
        copy(bytes, to);
      }
    }

    @Override
    public void write(Path file, ReadableByteChannel bytes) throws IOException {
      try (var to =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        copy(bytes, to);
      }
    }

    private static void copy(ReadableByteChannel from, FileChannel to) throws IOException {
      ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
      while (from.read(piece.clear()) >= 0) {
        piece.flip();
        while (piece.hasRemaining()) {
          to.write(piece);
        }
      }
      to.force(true);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      Disk.SYSTEM.move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      Disk.SYSTEM.delete(file);
    }

    @Override
    public void forceFolder(Path folder) throws IOException {
      Disk.SYSTEM.forceFolder(folder);
    }
  }
}
