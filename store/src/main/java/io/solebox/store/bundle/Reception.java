package io.solebox.store.bundle;

import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * Takes the files of a bundle out of it, one after the other, each held to its digest. What an
 * earlier try has left of a file is gone on with, if it is what it should be.
 */
final class Reception {
  private static final int READ_BYTES = 1 << 20;

  private final Pieces pieces;
  private final LongConsumer progress;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);

  /**
   * @param progress hears how many bytes came
   */
  Reception(Pieces pieces, LongConsumer progress) {
    this.pieces = pieces;
    this.progress = progress;
  }

  /**
   * Takes one file.
   *
   * @param begin where its entry lies in the bundle
   * @param to what it is to become; what is there is of an earlier try
   * @return whether it is what was signed; what is not, stays in {@code to} all the same
   */
  boolean take(BundlePlan.Entry entry, long begin, Path to) throws IOException {
    requireFrame(entry, begin);
    long here = Files.exists(to) ? Files.size(to) : 0;
    if (here > entry.tar().size()) {
      Files.delete(to);
      here = 0;
    }
    if (read(entry, begin, to, here).equals(entry.digest())) {
      return true;
    }
    if (here == 0) {
      return false;
    }
    Files.delete(to); // the power may have failed before its bytes were on the disk
    return read(entry, begin, to, 0).equals(entry.digest());
  }

  /**
   * As {@link #take}, of a file that nobody needs here: it must be what was signed all the same.
   */
  boolean passes(BundlePlan.Entry entry, long begin) {
    requireFrame(entry, begin);
    MessageDigest sha256 = Digest.sha256();
    for (long at = 0; at < entry.tar().size(); ) {
      at += next(entry, begin, at, sha256);
    }
    return Digest.ofFinished(sha256).equals(entry.digest());
  }

  /** What stands around the bytes of a file. */
  private void requireFrame(BundlePlan.Entry entry, long begin) {
    byte[] header = entry.tar().header();
    if (!Arrays.equals(header, pieces.read(begin, header.length))) {
      throw BundleFault.damaged(
          pieces.where(begin).toString(), "something else stands in the place of " + entry.title());
    }
    long size = entry.tar().size();
    long end = begin + header.length + size;
    for (byte b : pieces.read(end, (int) (TarEntry.padded(size) - size))) {
      if (b != 0) {
        throw BundleFault.damaged(
            pieces.where(end).toString(), "there is something behind " + entry.title());
      }
    }
  }

  private Digest read(BundlePlan.Entry entry, long begin, Path to, long here) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (FileChannel file =
        FileChannel.open(
            to, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long at = 0; at < here; ) {
        buffer.clear().limit((int) Math.min(READ_BYTES, here - at));
        at += Math.max(0, file.read(buffer, at));
        digest(sha256);
      }
      for (long at = here; at < entry.tar().size(); ) {
        next(entry, begin, at, sha256);
        buffer.rewind();
        while (buffer.hasRemaining()) {
          at += file.write(buffer, at);
        }
      }
    }
    return Digest.ofFinished(sha256);
  }

  /** The bytes from a place of a file on, in the buffer; at least one. */
  private int next(BundlePlan.Entry entry, long begin, long at, MessageDigest sha256) {
    buffer.clear().limit((int) Math.min(READ_BYTES, entry.tar().size() - at));
    long from = begin + entry.tar().header().length + at;
    int read = pieces.read(from, buffer);
    if (read == 0) {
      throw BundleFault.damaged(
          pieces.where(from).toString(), "the bundle is cut short in " + entry.title());
    }
    digest(sha256);
    return read;
  }

  private void digest(MessageDigest sha256) {
    buffer.flip();
    progress.accept(buffer.remaining());
    sha256.update(buffer);
  }
}
