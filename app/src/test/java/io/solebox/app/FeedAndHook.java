package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A forum's feed, and an address that takes news, for the scout's commands. */
final class FeedAndHook implements AutoCloseable {
  /** Never answers. */
  static final int SILENCE = 0;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> titles = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
  private volatile int status = 204;

  /** What came to the hook. */
  record Sent(String key, boolean perhapsAgain, String body) {
    Map<String, Object> object() {
      return CliRunner.asObject(CliRunner.json(body));
    }
  }

  FeedAndHook(String... titles) throws IOException {
    this.titles.addAll(List.of(titles));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/feed", this::feed);
    server.createContext("/hook", this::hook);
    server.start();
  }

  private void feed(HttpExchange exchange) throws IOException {
    var xml = new StringBuilder("<rss version=\"2.0\"><channel><title>forum</title>");
    for (int i = 0; i < titles.size(); i++) {
      xml.append("<item><guid>")
          .append(i)
          .append("</guid><title>")
          .append(titles.get(i))
          .append("</title><link>https://forum.example/")
          .append(i)
          .append("</link></item>");
    }
    byte[] bytes = xml.append("</channel></rss>").toString().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/rss+xml");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void hook(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int answer = status;
    sent.add(
        new Sent(
            exchange.getRequestHeaders().getFirst("Idempotency-Key"),
            Boolean.parseBoolean(exchange.getRequestHeaders().getFirst("X-Solebox-Perhaps-Again")),
            body));
    if (answer != SILENCE) {
      exchange.sendResponseHeaders(answer, -1);
      exchange.close();
    }
  }

  /** Puts something up for sale. */
  void post(String title) {
    titles.add(title);
  }

  /** What the hook says from now on. */
  void answers(int status) {
    this.status = status;
  }

  /** What came next; waits for it. */
  Sent next() throws InterruptedException {
    Sent next = sent.poll(2, TimeUnit.MINUTES);
    assertNotNull(next, "nothing came");
    return next;
  }

  boolean isQuiet() {
    return sent.isEmpty();
  }

  String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
