package io.solebox.app.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A client of a server in this process, at the loopback address and nowhere else. Notes when the
 * tokens of a stream come out of its socket; reads no more of the stream than that takes. Owned by
 * one thread.
 */
final class LoopbackClient implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int PATIENCE_MILLIS = 60_000;

  /** What a chunked body ends with. */
  private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] OK = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);

  private final Socket socket;
  private final InputStream in;
  private final byte[] mark;
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /**
   * @param mark what stands once in the text of every token, and nowhere else
   */
  LoopbackClient(int port, String mark) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.socket.setTcpNoDelay(true);
    this.socket.setSoTimeout(PATIENCE_MILLIS);
    this.in = socket.getInputStream();
    this.mark = mark.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Asks for a stream and reads it to its end.
   *
   * @throws IOException also for another answer than a stream
   */
  void stream(String path, String body, TokenSink sink) throws IOException {
    send(path, body);
    int kept = 0; // what may be the beginning of a mark, or of the end
    boolean begun = false;
    while (true) {
      int n = in.read(buffer, kept, buffer.length - kept);
      long now = System.nanoTime();
      if (n < 0) {
        throw new EOFException("the stream of " + path + " broke off");
      }
      int length = kept + n;
      if (!begun) {
        requireOk(length);
        begun = true;
      }
      int seen = tell(length, now, sink);
      if (endsWith(length, LAST_CHUNK)) {
        return;
      }
      int from = Math.max(seen, length - Math.max(mark.length, LAST_CHUNK.length) + 1);
      kept = length - from;
      System.arraycopy(buffer, from, buffer, 0, kept);
    }
  }

  /** Returns where the last mark ends. */
  private int tell(int length, long now, TokenSink sink) {
    int at = 0;
    for (int found = find(mark, at, length); found >= 0; found = find(mark, at, length)) {
      at = found + mark.length;
      sink.token(now);
    }
    return at;
  }

  private void send(String path, String body) throws IOException {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, content.length);
    byte[] first = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = Arrays.copyOf(first, first.length + content.length);
    System.arraycopy(content, 0, all, first.length, content.length);
    socket.getOutputStream().write(all);
  }

  private void requireOk(int length) throws IOException {
    if (length < OK.length || !Arrays.equals(buffer, 0, OK.length, OK, 0, OK.length)) {
      throw new IOException(new String(buffer, 0, length, StandardCharsets.UTF_8));
    }
  }

  private boolean endsWith(int length, byte[] end) {
    return length >= end.length
        && Arrays.equals(buffer, length - end.length, length, end, 0, end.length);
  }

  private int find(byte[] what, int from, int length) {
    for (int at = from; at <= length - what.length; at++) {
      if (buffer[at] == what[0]
          && Arrays.equals(buffer, at, at + what.length, what, 0, what.length)) {
        return at;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
