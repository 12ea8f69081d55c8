package io.solebox.scout.fake;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A site at the loopback address that answers what it was told to, one answer a request. */
public final class FakeSite implements AutoCloseable {
  /** One answer. */
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  /** What it was asked. */
  public record Asked(String path, Headers headers) {}

  private final HttpServer server;
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** One that is listening. */
  public FakeSite() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(new Asked(exchange.getRequestURI().toString(), exchange.getRequestHeaders()));
          Answer answer = next();
          answer.headers().forEach(exchange.getResponseHeaders()::set);
          int length = answer.body().length;
          exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
          if (length > 0) {
            exchange.getResponseBody().write(answer.body());
          }
          exchange.close();
        });
    server.start();
  }

  private synchronized Answer next() {
    return answers.isEmpty() ? new Answer(500, Map.of(), new byte[0]) : answers.poll();
  }

  /** What it is to answer next, behind what it was told before. */
  public synchronized void answer(int status, Map<String, String> headers, byte[] body) {
    answers.add(new Answer(status, headers, body));
  }

  /** In their order. */
  public List<Asked> asked() {
    return List.copyOf(asked);
  }

  /** An address of it. */
  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
