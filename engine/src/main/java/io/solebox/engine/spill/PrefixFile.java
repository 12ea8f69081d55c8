package io.solebox.engine.spill;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The files of a {@link PrefixFolder}: each says what it holds and by what sum that can be checked,
 * is there as a whole or not at all, and is its owner's alone.
 */
final class PrefixFile {
  static final String ENDING = ".kv";
  static final String TEMPORARY = ".part";
  static final int HEADER_BYTES =
      Long.BYTES + PrefixHash.BYTES + Integer.BYTES + Long.BYTES + Long.BYTES;

  /** Of what one holds: what is written and read at once. */
  static final long MOST_BYTES = Integer.MAX_VALUE;

  private static final long MAGIC = 0x534c42584b563031L; // SLBXKV01
  private static final String OWNERS_FILE = "rw-------";

  private PrefixFile() {}

  static String name(SpillKey key) {
    return key.prefix().hex() + "-" + key.kind() + ENDING;
  }

  /** Of a file that holds so many bytes. */
  static long bytes(long content) {
    return HEADER_BYTES + content;
  }

  static void write(Path folder, FileSeal seal, SpillKey key, MemorySegment content)
      throws IOException {
    ByteBuffer payload = content.asByteBuffer();
    writeWhole(folder, seal, name(key), header(key, payload.duplicate()), payload);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param to filled to its end
   * @return whether the file is that, whole
   */
  static boolean read(Path folder, FileSeal seal, SpillKey key, MemorySegment to)
      throws IOException {
    String name = name(key);
    Path file = folder.resolve(name);
    if (Files.size(file) != seal.sealedBytes(bytes(to.byteSize()))) {
      return false;
    }
    var header = ByteBuffer.allocate(HEADER_BYTES);
    ByteBuffer payload = to.asByteBuffer();
    try (ReadableByteChannel from = Channels.newChannel(seal.read(file, name))) {
      return fill(from, header)
          && fill(from, payload)
          && header(key, payload.flip()).equals(header.flip());
    } catch (EOFException e) {
      return false; // another key has sealed it, or it was changed
    }
  }

  private static boolean fill(ReadableByteChannel from, ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (from.read(to) < 0) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer header(SpillKey key, ByteBuffer payload) {
    var crc = new CRC32C();
    long size = payload.remaining();
    crc.update(payload);
    return ByteBuffer.allocate(HEADER_BYTES)
        .putLong(MAGIC)
        .put(key.prefix().bytes())
        .putInt(key.kind())
        .putLong(size)
        .putLong(crc.getValue())
        .flip();
  }

  /** Nobody ever sees half of it under its name. */
  static void writeWhole(Path folder, FileSeal seal, String name, ByteBuffer... parts)
      throws IOException {
    Path temporary = folder.resolve(name + TEMPORARY);
    Files.deleteIfExists(temporary);
    try {
      open(temporary, StandardOpenOption.CREATE_NEW).close();
      try (WritableByteChannel to = Channels.newChannel(seal.write(temporary, name))) {
        for (ByteBuffer part : parts) {
          while (part.hasRemaining()) {
            to.write(part);
          }
        }
      }
      Files.move(
          temporary,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** Names that were given outlive a power cut from then on. */
  static void forceNames(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  /** Opens a file to write to, which is its owner's alone if it is made here. */
  static FileChannel open(Path file, StandardOpenOption made) throws IOException {
    return FileChannel.open(
        file,
        Set.of(made, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FILE)));
  }
}
