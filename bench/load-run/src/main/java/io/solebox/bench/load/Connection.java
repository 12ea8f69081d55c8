package io.solebox.bench.load;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * HTTP/1.1 on a plain socket, so that a client can do what no library would: leave anywhere, or
 * read as slowly as it likes. Owned by one thread.
 */
final class Connection implements AutoCloseable {
  /** Silence for so long is a hang; the server itself says something every 15 seconds. */
  private static final int PATIENCE_MILLIS = 60_000;

  /** An answer that has not ended by then never does, whatever it says meanwhile. */
  static final Duration MOST = Duration.ofSeconds(120);

  /** So small that a reader who does not read is soon noticed. */
  private static final int SLOW_BUFFER = 4 << 10;

  private static final int FAST_BUFFER = 64 << 10;

  /** Who reads slowly does so up to here, so that long answers end as well. */
  private static final int SLOW_BYTES = 20_000;

  private final Socket socket = new Socket();
  private final InputStream in;
  private final Pace pace;

  /** When the answer that is read must have ended, as {@link System#nanoTime}. */
  private long deadline;

  /** How a client reads. */
  record Pace(int bytes, int pauseMillis) {
    static final Pace FAST = new Pace(16 << 10, 0);
  }

  Connection(int port, Pace pace) throws IOException {
    this.pace = pace;
    socket.setReceiveBufferSize(pace.pauseMillis() > 0 ? SLOW_BUFFER : FAST_BUFFER);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = new BufferedInputStream(socket.getInputStream(), pace.bytes());
  }

  /** Sends the first bytes of a request. */
  void send(byte[] request, int length) throws IOException {
    socket.getOutputStream().write(request, 0, length);
    socket.getOutputStream().flush();
  }

  /**
   * Reads an answer, or its first {@code most} bytes.
   *
   * @throws SocketTimeoutException if the server is silent, or does not come to an end
   */
  Answer read(int most) throws IOException, InterruptedException {
    deadline = System.nanoTime() + MOST.toNanos();
    String[] status = line().split(" ", 3);
    if (status.length < 2) {
      throw new IOException("no status line");
    }
    int code = Integer.parseInt(status[1]);
    Map<String, String> headers = headers();
    var body = new ByteArrayOutputStream();
    boolean whole;
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      whole = chunks(body, most);
    } else {
      whole = bytes(body, Integer.parseInt(headers.getOrDefault("content-length", "0")), most);
    }
    boolean reusable = whole && !"close".equalsIgnoreCase(headers.get("connection"));
    return new Answer(code, body.toByteArray(), whole, reusable);
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection was closed");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private boolean chunks(ByteArrayOutputStream body, int most)
      throws IOException, InterruptedException {
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      if (!bytes(body, size, most)) {
        return false;
      }
      line();
    }
    line();
    return true;
  }

  private boolean bytes(ByteArrayOutputStream body, int length, int most)
      throws IOException, InterruptedException {
    int left = length;
    while (left > 0) {
      if (body.size() >= most) {
        return false;
      }
      if (System.nanoTime() - deadline > 0) {
        throw new SocketTimeoutException(
            "the answer has not ended within " + MOST.toSeconds() + " s");
      }
      byte[] part = in.readNBytes(Math.min(left, pace.bytes()));
      if (part.length == 0) {
        throw new EOFException("the answer broke off");
      }
      body.writeBytes(part);
      left -= part.length;
      if (pace.pauseMillis() > 0 && body.size() < SLOW_BYTES) {
        Thread.sleep(pace.pauseMillis());
      }
    }
    return true;
  }

  /** Goes without a word: the server gets a reset, as from a process that was killed. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
