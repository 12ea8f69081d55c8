package io.solebox.server;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * HTTP/1 by hand on one connection, so that a test can break its rules. What is sent goes out as it
 * is; what comes back is read by the rules (RFC 9112), and anything else fails the test.
 */
final class RawClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * @param headers by lower-case name; of several the last
   */
  record Answer(int status, Map<String, String> headers, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Map<String, Object> json() {
      return new JsonReader(JsonLimits.LOCAL).readObject(body);
    }

    /** The member at {@code path}, as in {@code error.code} or {@code choices.0.text}. */
    Object at(String path) {
      return RawClient.at(json(), path);
    }

    String header(String name) {
      return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** Server-sent events that have names; comments are no events. */
    List<Named> namedEvents() {
      List<Named> events = new ArrayList<>();
      for (String event : text().split("\n\n")) {
        if (event.startsWith(": ")) {
          continue;
        }
        String[] lines = event.split("\n");
        if (lines.length != 2 || !lines[0].startsWith("event: ")) {
          throw new AssertionError("not a named event: " + event);
        }
        events.add(new Named(lines[0].substring(7), object(lines[1].substring(6))));
      }
      return events;
    }

    /** The objects of a stream that has one a line. */
    List<Map<String, Object>> lines() {
      return text().lines().map(RawClient::object).toList();
    }

    /** The data of each server-sent event; comments are no events. */
    List<String> events() {
      List<String> events = new ArrayList<>();
      for (String event : text().split("\n\n")) {
        if (event.startsWith(": ")) {
          continue;
        }
        if (!event.startsWith("data: ") || event.contains("\n")) {
          throw new AssertionError("not an event: " + event);
        }
        events.add(event.substring(6));
      }
      return events;
    }
  }

  /** A server-sent event with a name. */
  record Named(String name, Map<String, Object> data) {
    Object at(String path) {
      return RawClient.at(data, path);
    }
  }

  private static Map<String, Object> object(String json) {
    return new JsonReader(JsonLimits.LOCAL).readObject(json.getBytes(StandardCharsets.UTF_8));
  }

  private final String host;
  private final Socket socket;
  private final Socket plain;
  private final InputStream in;

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer bytes that the system takes before the server has to wait; 0 is as usual
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    this("127.0.0.1:" + port, connected(port, receiveBuffer));
  }

  /**
   * @param host as the header has it
   * @param socket connected; closed by this
   */
  RawClient(String host, Socket socket) throws IOException {
    this(host, socket, socket);
  }

  /**
   * @param socket what encrypts
   * @param plain below it
   */
  RawClient(String host, Socket socket, Socket plain) throws IOException {
    this.host = host;
    this.socket = socket;
    this.plain = plain;
    socket.setSoTimeout((int) PATIENCE.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  private static Socket connected(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setTcpNoDelay(true);
    return socket;
  }

  static Object at(Object value, String path) {
    Object here = value;
    for (String step : path.split("\\.")) {
      here =
          here instanceof List<?> list
              ? list.get(Integer.parseInt(step))
              : ((Map<?, ?>) here).get(step);
    }
    return here;
  }

  /** Latin-1, so that any byte can be written; the tests' other texts are ASCII. */
  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** As {@link #send(String)}; a server that has closed already is no failure of the test. */
  boolean trySend(String text) {
    try {
      send(text);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Sends lines, each ended as HTTP wants it, with the right {@code Host} after the first. */
  RawClient head(String... lines) throws IOException {
    StringBuilder head = new StringBuilder(lines[0]).append("\r\n");
    head.append("Host: ").append(host).append("\r\n");
    for (int i = 1; i < lines.length; i++) {
      head.append(lines[i]).append("\r\n");
    }
    return send(head.append("\r\n").toString());
  }

  /** Sends a request with the right {@code Host}; further headers are {@code name: value}. */
  void request(String method, String path, byte[] body, String... headers) throws IOException {
    StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    if (body.length > 0) {
      if (Stream.of(headers).noneMatch(header -> header.startsWith("Content-Type:"))) {
        head.append("Content-Type: application/json\r\n");
      }
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    send(all.toByteArray());
  }

  void post(String path, String body, String... headers) throws IOException {
    request("POST", path, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** The next answer, whole; interim ones are passed over. */
  Answer receive() throws IOException {
    return receive(false);
  }

  /** As {@link #receive()}, to a request with HEAD: its answer has a header alone. */
  Answer receiveHead() throws IOException {
    return receive(true);
  }

  private Answer receive(boolean toHead) throws IOException {
    String[] statusLine = line().split(" ");
    int status = Integer.parseInt(statusLine[1]);
    Map<String, String> headers = headers();
    if (status == 100) {
      return receive(toHead);
    }
    if (toHead || status == 204 || status == 304) {
      return new Answer(status, headers, new byte[0]);
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return new Answer(status, headers, chunks());
    }
    if (headers.containsKey("content-length")) {
      int length = Integer.parseInt(headers.get("content-length"));
      byte[] body = in.readNBytes(length);
      if (body.length < length) {
        throw new EOFException(body.length + " of " + length + " bytes");
      }
      return new Answer(status, headers, body);
    }
    return new Answer(status, headers, in.readAllBytes()); // HTTP/1.0: the end is the connection's
  }

  Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** The next answer, of which {@code chunks} are read before {@code then} runs. */
  Answer receive(int chunks, Runnable then) throws IOException {
    int status = Integer.parseInt(line().split(" ")[1]);
    Map<String, String> headers = headers();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < chunks; i++) {
      body.writeBytes(chunk());
    }
    then.run();
    body.writeBytes(chunks());
    return new Answer(status, headers, body.toByteArray());
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
      body.writeBytes(chunk);
    }
    return body.toByteArray();
  }

  /** The next part of an answer that comes in parts; nothing behind the last. */
  byte[] chunk() throws IOException {
    String size = line();
    if (size.isEmpty()) { // the end of the one before, which may come with this one's beginning
      size = line();
    }
    byte[] chunk = in.readNBytes(Integer.parseInt(size, 16));
    if (chunk.length == 0) {
      line();
    }
    return chunk;
  }

  String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("closed after '" + line + "'");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** The statuses of all answers until the server closes the connection, which it must. */
  List<Integer> statusesUntilClosed() throws IOException {
    List<Integer> statuses = new ArrayList<>();
    while (true) {
      in.mark(1);
      if (readsEnd()) {
        return statuses;
      }
      in.reset();
      statuses.add(receive().status());
    }
  }

  /** Whether the server closes the connection, after what it sent is read. */
  boolean closedByServer() throws IOException {
    return readsEnd();
  }

  /** Whether it closes, or resets, within {@code time}; what it still sends is passed over. */
  boolean closedWithin(Duration time) throws IOException {
    long end = System.nanoTime() + time.toNanos();
    try {
      while (true) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        socket.setSoTimeout((int) left);
        if (readsEnd()) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout((int) PATIENCE.toMillis());
    }
  }

  private boolean readsEnd() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  /** Sends no more, but reads on. */
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** As {@link #shutdownOutput()}; a server that has closed already is no failure of the test. */
  void tryShutdownOutput() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      // Then there is nothing to shut down.
    }
  }

  /** Goes away with a reset instead of an orderly end. */
  void reset() throws IOException {
    plain.setSoLinger(true, 0);
    plain.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
