package io.solebox.store.pull.transfer;

import io.solebox.store.pull.http.ByteSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * The body of one answer on its way into the file. What comes after {@link #end} is not written:
 * another answer may be on its way to the same place.
 */
final class Attempt implements ByteSink {
  private final FileChannel file;
  private final CRC32C crc;
  private final long to;
  private final RateLimit limit;
  private final BooleanSupplier goOn;
  private long at;
  private boolean ended;
  private Optional<IOException> diskFailure = Optional.empty();

  /**
   * @param crc of the chunk so far; goes on with what is written
   * @param goOn asked between pieces
   */
  Attempt(FileChannel file, CRC32C crc, ByteRange range, RateLimit limit, BooleanSupplier goOn) {
    this.file = file;
    this.crc = crc;
    this.at = range.from();
    this.to = range.to();
    this.limit = limit;
    this.goOn = goOn;
  }

  @Override
  public boolean take(ByteBuffer bytes) throws IOException, InterruptedException {
    long taken = write(bytes);
    limit.take(taken);
    return !isFull() && goOn.getAsBoolean();
  }

  private synchronized long write(ByteBuffer bytes) throws IOException {
    if (ended) {
      return 0;
    }
    if (bytes.remaining() > to - at) {
      bytes.limit(bytes.position() + (int) (to - at)); // a body that is longer than it may be
    }
    long before = at;
    crc.update(bytes.duplicate());
    try {
      while (bytes.hasRemaining()) {
        at += file.write(bytes, at);
      }
    } catch (IOException e) {
      diskFailure = Optional.of(e);
      throw e;
    }
    return at - before;
  }

  private synchronized boolean isFull() {
    return at >= to;
  }

  /** Ends it, and says up to where the bytes are here. */
  synchronized long end() {
    ended = true;
    return at;
  }

  /**
   * Tells a disk that takes no more from a connection that broke.
   *
   * @throws IOException of the disk
   */
  synchronized void requireWritten() throws IOException {
    if (diskFailure.isPresent()) {
      throw diskFailure.get();
    }
  }

  /** CRC-32C of the chunk so far. */
  synchronized int crc() {
    return (int) crc.getValue();
  }
}
