package io.solebox.engine.spill;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A file in pages, of which contents have as many as they need, wherever they are. It has no name
 * from the moment it is made: so nobody else can open it, and whatever ends the process, the system
 * takes it back. Pages are given by one thread at a time; contents are read and written by several.
 */
final class PageFile implements AutoCloseable {
  static final int PAGE_BYTES = 1 << 16;
  private static final String OWNERS_FILE = "rw-------";

  private interface Transfer {
    void run(ByteBuffer bytes, long at) throws IOException;
  }

  private final FileChannel channel;
  private final int mostPages;
  private final BitSet taken = new BitSet();
  private int takenPages;

  /**
   * @param folder made where it is missing
   */
  PageFile(Path folder, long mostBytes) throws IOException {
    this.mostPages = (int) Math.min(Integer.MAX_VALUE, mostBytes / PAGE_BYTES);
    Files.createDirectories(folder);
    var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNERS_FILE));
    Path file = Files.createTempFile(folder, "kv-", ".tmp", owners);
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file);
    }
  }

  /** Of the pages that are taken. */
  long bytes() {
    return (long) takenPages * PAGE_BYTES;
  }

  /** Whether so many could ever lie there. */
  boolean holds(long bytes) {
    return Math.ceilDiv(bytes, PAGE_BYTES) <= mostPages;
  }

  /** Pages for so many bytes; empty where as many are not left. */
  Optional<List<Integer>> take(long bytes) {
    long count = Math.ceilDiv(bytes, PAGE_BYTES);
    if (count > mostPages - takenPages) {
      return Optional.empty();
    }
    var pages = new ArrayList<Integer>();
    for (int page = taken.nextClearBit(0); pages.size() < count; page = taken.nextClearBit(page)) {
      taken.set(page);
      pages.add(page);
    }
    takenPages += pages.size();
    return Optional.of(pages);
  }

  /** Takes back what {@link #take} gave and nobody reads or writes any more. */
  void free(List<Integer> pages) {
    pages.forEach(taken::clear);
    takenPages -= pages.size();
  }

  /** By which contents are told apart. */
  static long sum(MemorySegment content) {
    var crc = new CRC32C();
    for (long at = 0; at < content.byteSize(); at += PAGE_BYTES) {
      crc.update(page(content, at));
    }
    return crc.getValue();
  }

  private static ByteBuffer page(MemorySegment content, long at) {
    return content.asSlice(at, Math.min(PAGE_BYTES, content.byteSize() - at)).asByteBuffer();
  }

  void write(List<Integer> pages, MemorySegment content) throws IOException {
    transfer(pages, content, this::write);
  }

  void read(List<Integer> pages, MemorySegment to) throws IOException {
    transfer(pages, to, this::read);
  }

  private static void transfer(List<Integer> pages, MemorySegment memory, Transfer transfer)
      throws IOException {
    for (int i = 0; i < pages.size(); i++) {
      transfer.run(page(memory, (long) i * PAGE_BYTES), (long) pages.get(i) * PAGE_BYTES);
    }
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long to = at;
    while (bytes.hasRemaining()) {
      to += channel.write(bytes, to);
    }
  }

  private void read(ByteBuffer bytes, long at) throws IOException {
    long from = at;
    while (bytes.hasRemaining()) {
      int count = channel.read(bytes, from);
      if (count < 0) {
        throw new EOFException("the file ends at " + from);
      }
      from += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
