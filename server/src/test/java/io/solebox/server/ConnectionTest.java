package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP as others speak it: old versions, all methods, and connections that end or go on. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionTest {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final String BODY = "{\"prompt\":\"abc\"}";
  private TestServer server;

  /** Over what the same must hold. */
  ServerConfig config() {
    return ServerConfig.defaults();
  }

  @BeforeAll
  void start() {
    server = new TestServer(config());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void closeIsObeyed() throws IOException {
    try (RawClient client = server.client()) {
      client.request("GET", "/health", new byte[0], "Connection: close");
      client.request("GET", "/health", new byte[0]); // must not be answered
      RawClient.Answer answer = client.receive();
      assertEquals("close", answer.header("Connection"));
      assertTrue(client.closedWithin(SOON));
    }
    try (RawClient client = server.client()) {
      client.post(
          "/v1/chat/completions", TestServer.chat("hi", ",\"stream\":true"), "Connection: close");
      assertEquals("[DONE]", client.receive().events().getLast());
      assertTrue(client.closedWithin(SOON));
    }
  }

  @Test
  void otherwiseItGoesOn() throws IOException {
    try (RawClient client = server.client()) {
      for (int i = 0; i < 5; i++) {
        client.request("GET", "/nothing", new byte[0]);
        assertEquals(404, client.receive().status());
        client.post("/v1/completions", "{\"prompt\":5}");
        assertEquals(400, client.receive().status());
        client.post("/v1/completions", BODY);
        assertEquals("abc", client.receive().at("choices.0.text"));
      }
    }
  }

  @Test
  void http10() throws IOException {
    try (RawClient client = server.client()) {
      client.head("GET /v1/models HTTP/1.0");
      assertEquals("echo", client.receive().at("data.0.id"));
      assertTrue(client.closedWithin(SOON));
    }
    try (RawClient client = server.client()) {
      client.head("GET /health HTTP/1.0", "Connection: keep-alive");
      assertEquals(200, client.receive().status());
      client.head(
          "POST /v1/completions HTTP/1.0",
          "Content-Type: application/json",
          "Content-Length: " + BODY.length());
      client.send(BODY);
      assertEquals("abc", client.receive().at("choices.0.text"));
      assertTrue(client.closedWithin(SOON));
    }
    try (RawClient client = server.client()) {
      client.send("GET /health HTTP/1.0\r\n\r\n"); // it had no hosts
      assertEquals(200, client.receive().status());
    }
  }

  @Test
  void streamOnHttp10EndsWithItsConnection() throws IOException {
    String body = TestServer.chat("hi", ",\"stream\":true");
    try (RawClient client = server.client()) {
      client.head(
          "POST /v1/chat/completions HTTP/1.0",
          "Content-Type: application/json",
          "Content-Length: " + body.length());
      RawClient.Answer answer = client.send(body).receive();
      assertNull(answer.header("Transfer-Encoding"));
      assertEquals("[DONE]", answer.events().getLast());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/favicon.ico", "/health", "/v1/models", "/v1/models/echo"})
  void headIsGetWithoutABody(String path) throws IOException {
    try (RawClient client = server.client()) {
      client.request("HEAD", path, new byte[0]);
      RawClient.Answer head = client.receiveHead();
      client.request("GET", path, new byte[0]);
      RawClient.Answer get = client.receive();
      assertEquals(200, head.status());
      assertEquals(get.header("Content-Length"), head.header("Content-Length"));
      assertEquals(get.header("Content-Type"), head.header("Content-Type"));
    }
  }

  @Test
  void headOfWhatIsNoGet() throws IOException {
    try (RawClient client = server.client()) {
      client.request("HEAD", "/v1/completions", new byte[0]);
      assertEquals(405, client.receiveHead().status());
      client.request("HEAD", "/nothing", new byte[0]);
      assertEquals(404, client.receiveHead().status());
      client.request("GET", "/health", new byte[0]);
      assertEquals(200, client.receive().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "get", "M-SEARCH"})
  void otherMethodsAreToldWhichThereAre(String method) throws IOException {
    try (RawClient client = server.client()) {
      client.request(method, "/v1/models", new byte[0]);
      RawClient.Answer answer = client.receive();
      assertEquals(405, answer.status(), answer::text);
      assertEquals("GET, HEAD", answer.header("Allow"));
      assertEquals("method_not_supported", answer.at("error.code"));
      client.request(method, "/v1/nothing", new byte[0]);
      assertEquals(404, client.receive().status());
    }
  }

  @Test
  void optionsAndConnect() throws IOException {
    try (RawClient client = server.client()) {
      client.request("OPTIONS", "*", new byte[0]);
      assertEquals(404, client.receive().status());
      client.request("OPTIONS", "/v1/completions", new byte[0]);
      assertEquals("POST", client.receive().header("Allow"));
      client.send("CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n");
      RawClient.Answer answer = client.receive();
      assertTrue(answer.status() >= 400 && answer.status() < 500, answer::text);
    }
  }

  @Test
  void absoluteForm() throws IOException {
    int port = server.server.port();
    try (RawClient client = server.client()) {
      client.send(
          "GET http://127.0.0.1:%1$d/health HTTP/1.1\r\nHost: 127.0.0.1:%1$d\r\n\r\n"
              .formatted(port));
      assertEquals("ok", client.receive().at("status"));
      client.send("GET http://evil.example/health HTTP/1.1\r\nHost: evil.example\r\n\r\n");
      assertEquals(403, client.receive().status());
    }
  }

  @Test
  void expectations() throws IOException {
    try (RawClient client = server.client()) {
      client.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Expect: 100-continue",
          "Content-Length: " + BODY.length());
      assertEquals("HTTP/1.1 100 Continue", client.line());
      assertTrue(client.headers().isEmpty());
      assertEquals("abc", client.send(BODY).receive().at("choices.0.text"));
      client.request("GET", "/health", new byte[0]);
      assertEquals(200, client.receive().status());
      client.request("GET", "/health", new byte[0], "Expect: 200-ok");
      assertEquals(417, client.receive().status());
      assertTrue(client.closedWithin(SOON));
    }
  }

  @Test
  void requestsSentAheadInOneWrite() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      String body = "{\"prompt\":\"" + i + "\"}";
      all.append("POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1:")
          .append(server.server.port())
          .append("\r\nContent-Type: application/json\r\nContent-Length: ")
          .append(body.length())
          .append("\r\n\r\n")
          .append(body);
    }
    int middle = all.length() - 37; // the last one comes in two parts
    try (RawClient client = server.client()) {
      client.send(all.substring(0, middle));
      for (int i = 0; i < 99; i++) {
        assertEquals(Integer.toString(i), client.receive().at("choices.0.text"));
      }
      client.send(all.substring(middle));
      assertEquals("99", client.receive().at("choices.0.text"));
    }
  }

  @Test
  void whoSendsNoMoreIsTakenAsGone() throws IOException {
    try (TestServer own = new TestServer(config());
        RawClient client = own.client()) {
      own.model.pace(60_000, 0);
      client.post("/v1/completions", BODY);
      client.shutdownOutput();
      assertTrue(client.closedWithin(SOON));
      assertEquals(0, own.model.running());
    }
  }

  @Test
  void aConnectionLimitMakesOthersWait() throws Exception {
    HttpLimits limits = HttpLimits.defaults().withMaxConnections(4);
    try (TestServer own = new TestServer(config().withLimits(limits))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        RawClient client = own.client();
        client.request("GET", "/health", new byte[0]);
        clients.add(client);
      }
      for (int i = 0; i < 8; i++) {
        assertEquals(200, clients.get(i).receive().status(), "client " + i);
        clients.get(i).close(); // which lets another in
      }
    }
  }
}
