package io.solebox.store.quantize;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A file that is being made, beside the name that it gets when it is whole, with a {@link Journal}.
 * What an earlier try left is gone on with where it is of the same job and its bytes are still what
 * they were.
 */
final class PartialFile implements AutoCloseable {
  /** Space that is left to others. */
  private static final long RESERVE_BYTES = 32L << 20;

  private static final int READ_BYTES = 1 << 20;

  private final Path target;
  private final Path part;
  private final Path journalPath;
  private final FileChannel lock;
  private final FileChannel channel;
  private final Journal journal;
  private final Map<Integer, Journal.Entry> found = new HashMap<>();

  private PartialFile(
      Path target, Path part, Path journalPath, FileChannel lock, FileChannel channel) {
    this.target = target;
    this.part = part;
    this.journalPath = journalPath;
    this.lock = lock;
    this.channel = channel;
    this.journal = new Journal(lock);
  }

  /**
   * @param identity of the job
   * @throws SoleboxException {@code IN_USE} where another process makes the same file; {@code
   *     DISK_FULL}
   */
  static PartialFile open(Path target, String identity, QuantizePlan plan, GgufLayout layout)
      throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Path journal = target.resolveSibling(target.getFileName() + ".part.journal");
    FileChannel lock = open(journal);
    try {
      requireAlone(lock, target);
      var file = new PartialFile(target, part, journal, lock, open(part));
      try {
        file.resume(identity, plan, layout);
        return file;
      } catch (IOException | RuntimeException e) {
        file.channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static void requireAlone(FileChannel lock, Path target) throws IOException {
    try {
      if (lock.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Held in this process: no better.
    }
    throw new SoleboxException(
        ErrorCode.IN_USE,
        target.toString(),
        "this file is being made by somebody else right now",
        "Wait for it, or give another name.");
  }

  private void resume(String identity, QuantizePlan plan, GgufLayout layout) throws IOException {
    Map<Integer, Journal.Entry> entries = journal.open(identity);
    if (entries.isEmpty()) {
      channel.truncate(0);
    }
    for (Journal.Entry entry : entries.values()) {
      QuantizePlan.Planned tensor = plan.tensors().get(entry.tensor());
      if (isWhole(entry, tensor, layout.offsets().get(entry.tensor()))) {
        found.put(entry.tensor(), entry);
      }
    }
    requireSpace(plan, layout);
    ByteBuffer header = layout.header();
    while (header.hasRemaining()) {
      channel.write(header, header.position());
    }
    if (channel.size() < layout.fileBytes()) {
      channel.write(ByteBuffer.allocate(1), layout.fileBytes() - 1);
    }
  }

  private boolean isWhole(Journal.Entry entry, QuantizePlan.Planned tensor, long offset)
      throws IOException {
    List<Chunk> chunks = Chunk.of(entry.tensor(), tensor);
    if (chunks.size() != entry.checksums().size()) {
      return false;
    }
    long rowBytes = tensor.target().bytes(tensor.source().cols());
    for (Chunk chunk : chunks) {
      long at = offset + chunk.row() * rowBytes;
      if (checksum(at, chunk.rows() * rowBytes) != entry.checksums().get(chunk.number())) {
        return false;
      }
    }
    return true;
  }

  private int checksum(long at, long length) throws IOException {
    var crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(READ_BYTES, length));
    for (long done = 0; done < length; ) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
      int read = channel.read(buffer, at + done);
      if (read <= 0) {
        break;
      }
      done += read;
      crc.update(buffer.flip());
    }
    return (int) crc.getValue();
  }

  private void requireSpace(QuantizePlan plan, GgufLayout layout) throws IOException {
    long there = found.keySet().stream().mapToLong(i -> plan.tensors().get(i).bytes()).sum();
    long missing = layout.fileBytes() - there;
    long usable = Files.getFileStore(part).getUsableSpace();
    if (usable < missing + RESERVE_BYTES) {
      throw new SoleboxException(
          ErrorCode.DISK_FULL,
          target.toString(),
          "the file takes %d more bytes, and its disk has %d left".formatted(missing, usable),
          "Make room, write to another disk, or choose a smaller format.");
    }
  }

  /** Tensors that an earlier try left whole, by their number in the plan. */
  Map<Integer, Journal.Entry> found() {
    return found;
  }

  /** For many threads. */
  void write(byte[] bytes, int count, long at) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, count);
    while (rest.hasRemaining()) {
      channel.write(rest, at + rest.position());
    }
  }

  /** Waits until all that was written is on the disk, and says so of these tensors. */
  void commit(List<Journal.Entry> entries) throws IOException {
    channel.force(false);
    journal.append(entries);
  }

  /** Gives the file its name; all of it must have been written. */
  void finish() throws IOException {
    channel.force(true);
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = target.toAbsolutePath().getParent();
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (IOException e) {
      // Some systems have no such thing; the file is there.
    }
    Files.deleteIfExists(journalPath);
  }

  /** Leaves nothing of this try. */
  void discard() throws IOException {
    Files.deleteIfExists(part);
    Files.deleteIfExists(journalPath);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    lock.close();
  }
}
