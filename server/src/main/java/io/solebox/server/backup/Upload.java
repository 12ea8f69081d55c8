package io.solebox.server.backup;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** A file that is read while it comes, so that it takes no room on the disk as it is. */
final class Upload<T> implements WritableByteChannel {
  private static final int BUFFER = 1 << 20;

  private final OutputStream out;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private boolean open = true;

  private Upload(OutputStream out) {
    this.out = out;
  }

  /**
   * @param work reads, in a thread of its own
   */
  static <T> Upload<T> to(Function<InputStream, T> work) throws IOException {
    PipedOutputStream out = new PipedOutputStream();
    PipedInputStream in = new PipedInputStream(out, BUFFER);
    Upload<T> upload = new Upload<>(out);
    Thread.ofVirtual().name("restore").start(() -> upload.run(in, work));
    return upload;
  }

  private void run(InputStream in, Function<InputStream, T> work) {
    try (in) {
      result.complete(work.apply(in));
    } catch (IOException | RuntimeException | Error e) {
      result.completeExceptionally(e); // and whoever writes on hears that nobody reads
    }
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    byte[] part = new byte[bytes.remaining()];
    bytes.get(part);
    out.write(part);
    out.flush(); // which wakes the reader
    return part.length;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void close() throws IOException {
    open = false;
    out.close();
  }

  /**
   * What came of the work, once all is written or nobody reads.
   *
   * @throws SoleboxException of the work
   */
  T result() throws InterruptedException {
    try {
      return result.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SoleboxException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  /** Whether the work has ended without its whole file. */
  boolean failed() {
    return result.isCompletedExceptionally();
  }
}
