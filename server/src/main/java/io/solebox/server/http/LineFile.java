package io.solebox.server.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A file that lines are appended to. Whoever rotates it may truncate it, since every line goes to
 * where the file ends then, or move it away: soon after, a new one is begun.
 */
public final class LineFile implements LineSink {
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path path;
  private final ReentrantLock lock = new ReentrantLock();
  private OutputStream out; // no channel, which an interrupt would close for all who come later
  private Object key;
  private long looked = System.nanoTime();

  private LineFile(Path path, OutputStream out, Object key) {
    this.path = path;
    this.out = out;
    this.key = key;
  }

  /**
   * Opens the file, or makes it, for its owner and group.
   *
   * @param option by which it was named, for the error
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static LineFile open(String option, Path path) {
    try {
      return new LineFile(path, appending(path), key(path));
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          option + " " + path,
          "The file cannot be written: " + e.getMessage() + ".",
          "Name a file in a folder that is there and that this user may write.",
          e);
    }
  }

  private static OutputStream appending(Path path) throws IOException {
    return new FileOutputStream(path.toFile(), true);
  }

  /** What the system tells files apart by. */
  private static Object key(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return Objects.requireNonNullElse(attributes.fileKey(), path);
  }

  @Override
  public void write(byte[] line) throws IOException {
    lock.lock();
    try {
      reopenIfMoved();
      out.write(line);
    } finally {
      lock.unlock();
    }
  }

  private void reopenIfMoved() throws IOException {
    long now = System.nanoTime();
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    if (!Files.exists(path) || !key(path).equals(key)) {
      OutputStream old = out;
      out = appending(path);
      key = key(path);
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      out.close();
    } finally {
      lock.unlock();
    }
  }
}
