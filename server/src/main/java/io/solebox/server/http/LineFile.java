package io.solebox.server.http;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  private FileChannel channel;
  private Object key;
  private long looked = System.nanoTime();

  private LineFile(Path path, FileChannel channel, Object key) {
    this.path = path;
    this.channel = channel;
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
      return new LineFile(path, channel(path), key(path));
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          option + " " + path,
          "The file cannot be written: " + e.getMessage() + ".",
          "Name a file in a folder that is there and that this user may write.",
          e);
    }
  }

  private static FileChannel channel(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
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
      ByteBuffer rest = ByteBuffer.wrap(line);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
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
      FileChannel old = channel;
      channel = channel(path);
      key = key(path);
      old.close();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      channel.close();
    } finally {
      lock.unlock();
    }
  }
}
