package io.solebox.hardware.plug;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A server at the loopback address that answers as a plug does, one request a connection. */
final class FakePlug implements AutoCloseable {
  /**
   * What a plug was asked.
   *
   * @param line method, path and query
   * @param authorization empty where there was none
   */
  record Asked(String line, String body, String authorization) {}

  /**
   * @param challenge empty where it has none
   */
  record Answer(int status, String body, String challenge) {
    static Answer ok(String body) {
      return new Answer(200, body, "");
    }
  }

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final Thread thread;

  FakePlug(Function<Asked, Answer> answers) throws IOException {
    thread = Thread.ofVirtual().start(() -> serve(answers));
  }

  private void serve(Function<Asked, Answer> answers) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        Asked question = question(new BufferedInputStream(socket.getInputStream()));
        asked.add(question);
        socket.getOutputStream().write(bytes(answers.apply(question)));
        socket.getOutputStream().flush();
      } catch (IOException e) {
        // Whoever asked has left, or it is closed.
      }
    }
  }

  private static Asked question(InputStream in) throws IOException {
    String line = line(in);
    String authorization = "";
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      String name = header.substring(0, header.indexOf(':')).toLowerCase(Locale.ROOT);
      String value = header.substring(name.length() + 1).strip();
      switch (name) {
        case "content-length" -> length = Integer.parseInt(value);
        case "authorization" -> authorization = value;
        default -> {}
      }
    }
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Asked(line.replace(" HTTP/1.1", ""), body, authorization);
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n' && b >= 0; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private static byte[] bytes(Answer answer) {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    String challenge =
        answer.challenge().isEmpty() ? "" : "WWW-Authenticate: " + answer.challenge() + "\r\n";
    String head =
        "HTTP/1.1 %d x\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
            .formatted(answer.status(), body.length, challenge);
    var all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    all.writeBytes(body);
    return all.toByteArray();
  }

  String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
