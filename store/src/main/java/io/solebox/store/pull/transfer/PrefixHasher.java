package io.solebox.store.pull.transfer;

import io.solebox.store.blob.Digest;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Hashes a file from its beginning as its chunks come, and finds the chunks that are on the disk
 * otherwise than they came: after a power cut, or on a bad disk. These are fetched again.
 */
final class PrefixHasher {
  private static final int MOST_ROUNDS = 3;
  private static final int READ_BYTES = 1 << 20;

  private final FileChannel file;
  private final ChunkMap map;
  private final Journal journal;
  private final Work work;
  private final ByteBuffer part = ByteBuffer.allocateDirect(READ_BYTES);
  private MessageDigest sha256 = Digest.sha256();

  PrefixHasher(FileChannel file, ChunkMap map, Journal journal, Work work) {
    this.file = file;
    this.map = map;
    this.journal = journal;
    this.work = work;
  }

  /**
   * Waits for one chunk after the other.
   *
   * @return empty if somebody else failed
   */
  Optional<Digest> run() throws IOException, InterruptedException {
    for (int index = 0; index < map.count(); index++) {
      if (!take(index)) {
        return Optional.empty();
      }
    }
    return Optional.of(Digest.ofFinished(sha256));
  }

  private boolean take(int index) throws IOException, InterruptedException {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Optional<Integer> wanted = await(index);
      if (wanted.isEmpty()) {
        return false;
      }
      MessageDigest before = copy(sha256);
      if (read(map.range(index)) == wanted.get()) {
        return true;
      }
      sha256 = before;
      journal.forget(index);
      work.came(-map.range(index).bytes());
      work.note("Piece " + index + " is not on the disk as it came; it is fetched again.");
      work.again(index);
    }
    throw Failures.badDisk("data", index);
  }

  private Optional<Integer> await(int index) throws InterruptedException {
    synchronized (work) {
      Optional<Integer> crc = journal.crcOf(index);
      while (crc.isEmpty() && work.failure().isEmpty()) {
        work.wait();
        crc = journal.crcOf(index);
      }
      return work.failure().isPresent() ? Optional.empty() : crc;
    }
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e); // those of the JDK can
    }
  }

  private int read(ByteRange range) throws IOException {
    var crc = new CRC32C();
    for (long at = range.from(); at < range.to(); ) {
      part.clear().limit((int) Math.min(READ_BYTES, range.to() - at));
      int count = file.read(part, at);
      if (count < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
      crc.update(part.flip());
      sha256.update(part.flip());
      at += count;
    }
    return (int) crc.getValue();
  }
}
