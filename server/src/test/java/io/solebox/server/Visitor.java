package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody with a browser: its cookie, and what it says of itself. Each comes from an address of
 * their own, which all are this machine's.
 */
final class Visitor {
  private static final AtomicInteger LAST = new AtomicInteger(1);

  private final String address = "127.0.0." + LAST.incrementAndGet();
  private final TestServer server;
  private final String host;
  private final Map<String, String> cookies = new LinkedHashMap<>();

  Visitor(TestServer server) {
    this(server, "127.0.0.1");
  }

  /**
   * @param host by which the browser calls the server
   */
  Visitor(TestServer server, String host) {
    this.server = server;
    this.host = host;
  }

  /** As a page of the server itself would ask. */
  RawClient.Answer call(String method, String path, String body) throws IOException {
    List<String> headers = new ArrayList<>(List.of("Sec-Fetch-Site: same-origin"));
    if (!body.isEmpty()) {
      headers.add("Content-Type: application/json");
    }
    if (!cookies.isEmpty()) {
      headers.add("Cookie: theme=dark; " + cookie());
    }
    RawClient.Answer answer = send(method, path, body, headers);
    Optional.ofNullable(answer.header("Set-Cookie"))
        .map(set -> set.substring(0, set.indexOf(';')))
        .ifPresent(this::keep);
    return answer;
  }

  private void keep(String pair) {
    String name = pair.substring(0, pair.indexOf('='));
    if (pair.endsWith("=")) {
      cookies.remove(name);
    } else {
      cookies.put(name, pair);
    }
  }

  private RawClient.Answer send(String method, String path, String body, List<String> headers)
      throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", server.server.port()));
    try (RawClient client = new RawClient(host + ":" + server.server.port(), socket)) {
      client.request(
          method, path, body.getBytes(StandardCharsets.UTF_8), headers.toArray(new String[0]));
      return client.receive();
    }
  }

  RawClient.Answer get(String path) throws IOException {
    return call("GET", path, "");
  }

  RawClient.Answer post(String path, String json) throws IOException {
    return call("POST", path, json);
  }

  /** As it stands in the header {@code Cookie}. */
  String cookie() {
    return String.join("; ", cookies.values());
  }

  /** Signs in; of those who need no second factor. */
  Visitor signIn(String name, String password) throws IOException {
    RawClient.Answer answer =
        post("/auth/sign-in", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
    assertEquals(200, answer.status(), answer::text);
    return this;
  }
}
