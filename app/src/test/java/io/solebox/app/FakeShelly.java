package io.solebox.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A plug at the loopback address, which is on and draws 400 W; one request a connection. */
public final class FakeShelly implements AutoCloseable {
  private static final String ON =
      "{\"id\":1,\"result\":{\"id\":0,\"output\":true,\"apower\":400.0,\"voltage\":230.0,"
          + "\"current\":1.74,\"aenergy\":{\"total\":1000.0},\"power_limit\":1600}}";

  private static final String LENGTH = "content-length:";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

  public FakeShelly() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        asked.add(
            body(
                new BufferedReader(
                    new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))));
        String head =
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                .formatted(ON.length());
        socket.getOutputStream().write((head + ON).getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // Whoever asked has left, or it is closed.
      }
    }
  }

  private static String body(BufferedReader in) throws IOException {
    int length = 0;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      if (line.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
        length = Integer.parseInt(line.substring(LENGTH.length()).strip());
      }
    }
    var body = new StringBuilder();
    while (body.length() < length) {
      body.append((char) in.read());
    }
    return body.toString();
  }

  /** Bodies of what it was asked. */
  public List<String> asked() {
    return asked;
  }

  /** As settings write it. */
  public String words() {
    return "shelly:127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
