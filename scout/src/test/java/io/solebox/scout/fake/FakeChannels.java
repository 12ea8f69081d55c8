package io.solebox.scout.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Discord, ntfy, Matrix and a webhook, on one server of this machine. Each takes what it is sent
 * within its own limits, knows keys where it does in life, and answers otherwise where it is told.
 */
public final class FakeChannels implements AutoCloseable {
  private static final JsonReader JSON = new JsonReader(JsonLimits.LOCAL);

  /**
   * What was asked.
   *
   * @param headers names in lower case
   */
  public record Asked(
      String method, URI uri, Map<String, String> headers, byte[] raw, Map<String, Object> body) {}

  /** One of the services: what it makes of what it is asked. */
  interface Service {
    /** Its own answer; it keeps nothing of what it does not take. */
    Canned answer(Asked asked);

    /** Shows it to people. */
    void take(Asked asked);
  }

  private final HttpServer server;
  private final Map<String, Deque<Canned>> scripts = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();

  public FakeChannels() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.start();
  }

  /** Adds a service below a path. */
  void serve(String path, Service service) {
    scripts.put(path, new ArrayDeque<>());
    server.createContext(path, exchange -> serve(exchange, path, service));
  }

  public FakeChannels with(String path, FakeDiscord discord) {
    serve(path, discord);
    return this;
  }

  /** A service that knows keys: what has one that it had before is not shown again. */
  public FakeChannels with(String path, FakeKeyed keyed) {
    serve(path, keyed);
    return this;
  }

  public URI address(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  /** The next answers of a service, in their order; then its own again. */
  public synchronized void script(String path, Canned... answers) {
    scripts.get(path).addAll(List.of(answers));
  }

  /** All that was asked of all, refused or not. */
  public synchronized List<Asked> asked() {
    return List.copyOf(asked);
  }

  private synchronized void serve(HttpExchange exchange, String path, Service service)
      throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    Map<String, String> headers = new HashMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    Asked one =
        new Asked(
            exchange.getRequestMethod(),
            exchange.getRequestURI(),
            headers,
            body,
            JSON.readObject(body));
    asked.add(one);
    Optional<Canned> scripted = Optional.ofNullable(scripts.get(path).poll());
    Canned answer = scripted.orElseGet(() -> service.answer(one));
    if (answer.takes()) {
      service.take(one);
    }
    if (answer.answers()) {
      answer(exchange, answer);
    } else {
      exchange.close();
    }
  }

  private static void answer(HttpExchange exchange, Canned answer) throws IOException {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
