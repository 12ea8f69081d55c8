package io.solebox.app.update.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/** Some bytes of a file, which stays its owner's to close. For one thread. */
final class Stretch implements ReadableByteChannel {
  private final FileChannel file;
  private final long end;
  private long position;

  /**
   * @param end behind the last byte
   */
  Stretch(FileChannel file, long begin, long end) {
    this.file = file;
    this.position = begin;
    this.end = end;
  }

  /** As in any channel; a file that has become shorter ends early. */
  @Override
  public int read(ByteBuffer into) throws IOException {
    if (position >= end) {
      return -1;
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + (end - position)));
    try {
      int read = file.read(into, position);
      position += Math.max(read, 0);
      return read;
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() {}
}
