package io.solebox.engine.source.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Reads the header of a GGUF file front to back and believes nothing: every read first asks whether
 * the file has that many bytes left. It reads through a window instead of the mapping, so a file
 * that shrinks meanwhile is an {@link IOException} and not a fault.
 */
final class GgufCursor {
  /** No header is this long. */
  private static final long MAX_HEADER_BYTES = 256L << 20;

  /** Of this process's memory, that a hostile file may ask for: values grow as they are read. */
  private static final int SHARE_OF_HEAP = 8;

  /** The longest key or tensor name that the format allows. */
  private static final int MAX_NAME_BYTES = 65_535;

  private static final int WINDOW_BYTES = 1 << 18;

  private final Path path;
  private final FileChannel channel;
  private final long fileBytes;
  private final long maxHeaderBytes;
  private final ByteBuffer window;
  private long windowStart;
  private String key = "";
  private long keyOffset;

  GgufCursor(Path path, FileChannel channel, long fileBytes) {
    this.path = path;
    this.channel = channel;
    this.fileBytes = fileBytes;
    this.maxHeaderBytes =
        Math.min(MAX_HEADER_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    this.window =
        ByteBuffer.allocate(Math.clamp(fileBytes, 1, WINDOW_BYTES))
            .order(ByteOrder.LITTLE_ENDIAN)
            .limit(0);
  }

  long position() {
    return windowStart + window.position();
  }

  long bytesLeft() {
    return Math.min(fileBytes, maxHeaderBytes) - position();
  }

  /** Names the key that errors are about from now on, and that it began at {@code offset}. */
  void enter(String newKey, long offset) {
    key = Printable.name(newKey);
    keyOffset = offset;
  }

  byte readByte() throws IOException {
    fill(1);
    return window.get();
  }

  short readShort() throws IOException {
    fill(2);
    return window.getShort();
  }

  int readInt() throws IOException {
    fill(4);
    return window.getInt();
  }

  long readLong() throws IOException {
    fill(8);
    return window.getLong();
  }

  /**
   * A count of things that take at least {@code minBytes} each, checked against the bytes left.
   *
   * @param what what is counted, for the message
   */
  int readCount(String what, int minBytes) throws IOException {
    long at = position();
    long count = readLong();
    if (Long.compareUnsigned(count, bytesLeft() / minBytes) > 0) {
      throw cutShort(
          at, Long.toUnsignedString(count) + " " + what + " cannot fit into the rest of the file");
    }
    return Math.toIntExact(count);
  }

  /** As {@link #readCount(String, int)}, of things that become objects: at most {@code most}. */
  int readCount(String what, int minBytes, int most) throws IOException {
    long at = position();
    int count = readCount(what, minBytes);
    if (count > most) {
      throw bad(at, count + " " + what + "; at most " + most + " make sense");
    }
    return count;
  }

  /** A key or a tensor name. */
  String readName(String what) throws IOException {
    long at = position();
    int length = readCount("bytes of " + what, 1);
    if (length > MAX_NAME_BYTES) {
      throw bad(at, what + " of " + length + " bytes; at most " + MAX_NAME_BYTES + " are allowed");
    }
    return readText(length);
  }

  String readString() throws IOException {
    return readText(readCount("bytes of text", 1));
  }

  private String readText(int length) throws IOException {
    byte[] bytes = new byte[length];
    readBytes(bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Copies {@code length} bytes, which must have been checked against {@link #bytesLeft()}. */
  void readBytes(byte[] into, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      int some = Math.min(length - done, window.capacity());
      fill(some);
      window.get(into, offset + done, some);
      done += some;
    }
  }

  /** Makes {@code count} bytes of the file available; at most the window. */
  private void fill(int count) throws IOException {
    if (window.remaining() >= count) {
      return;
    }
    if (bytesLeft() < count) {
      throw cutShort(position(), count + " more bytes are expected here");
    }
    windowStart += window.position();
    window.compact();
    while (window.position() < count) {
      if (channel.read(window, windowStart + window.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    window.flip();
  }

  private SoleboxException cutShort(long at, String what) {
    if (fileBytes > maxHeaderBytes) {
      return bad(at, what + "; a header has at most " + maxHeaderBytes + " bytes");
    }
    return bad(at, "the file is cut short or damaged: " + what + ", " + bytesLeft() + " are left");
  }

  /** An error at {@code offset}, within the current key if there is one. */
  SoleboxException bad(long offset, String message) {
    return error(
        ErrorCode.BAD_MODEL_FILE,
        offset,
        message,
        "Download the file again, or compare its checksum with the publisher's.");
  }

  SoleboxException error(ErrorCode code, long offset, String message, String remedy) {
    String where = key.isEmpty() ? "" : ", " + key + " (begins at " + keyOffset + ")";
    return new SoleboxException(code, path + " at offset " + offset + where, message, remedy);
  }
}
