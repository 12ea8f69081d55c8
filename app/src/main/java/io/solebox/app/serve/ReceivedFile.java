package io.solebox.app.serve;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.library.Incoming;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.UUID;

/**
 * A file that a client sends for the store.
 *
 * @param digest that it should have
 */
record ReceivedFile(ModelStore store, Digest digest) {
  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} where it is another file, {@code IN_USE}
   *     where somebody else is sending it, {@code DISK_FULL}, {@code IO_ERROR}
   */
  void write(Incoming incoming) throws InterruptedException {
    String key = "received-" + digest.hex();
    try (Partial partial = store.blobs().partial(key, "receives " + digest)) {
      Path file = partial.file("file");
      Digest found = write(incoming, file);
      if (!found.equals(digest)) {
        partial.discard();
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            "digest",
            "What came has the digest %s, and not %s.".formatted(found, digest),
            "Send the file again, or name it by its own digest.");
      }
      store.blobs().install(file, digest);
      partial.discard();
    }
  }

  /**
   * A file whose digest nobody has said.
   *
   * @return its digest, under which it is kept as one that was asked for by that
   * @throws SoleboxException {@code DISK_FULL}, {@code IO_ERROR}
   */
  static Digest whatever(ModelStore store, Incoming incoming) throws InterruptedException {
    try (Partial partial = store.blobs().partial("received-" + UUID.randomUUID(), "receives")) {
      try {
        Path file = partial.file("file");
        Digest found = write(incoming, file);
        store.blobs().install(file, found);
        return found;
      } finally {
        partial.discard(); // who sends it again begins anew
      }
    }
  }

  private static Digest write(Incoming incoming, Path file) throws InterruptedException {
    MessageDigest sha256 = Digest.sha256();
    try (FileChannel out =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      incoming.to(new Hashing(out, sha256));
      return Digest.ofFinished(sha256);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /** Hashes what goes to a file. */
  private record Hashing(FileChannel file, MessageDigest digest) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      ByteBuffer same = bytes.duplicate();
      int written = file.write(bytes);
      digest.update(same.limit(same.position() + written));
      return written;
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
