package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a request ends: what is refused is never read as the next request, and what is framed in
 * two ways is refused (RFC 9112, sections 6 and 11).
 */
@Timeout(60)
class FramingTest {
  private static final String POST = "POST /v1/completions HTTP/1.1";
  private static final String JSON = "Content-Type: application/json";
  private static final String BODY = "{\"prompt\":\"abc\"}"; // 16 bytes
  private static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** A request that would be answered with 200 if it were read as one. */
  private static String inner() {
    return "GET /health HTTP/1.1\r\nHost: 127.0.0.1:" + server.server.port() + "\r\n\r\n";
  }

  @Test
  void theBodyOfARefusedRequestIsNoRequest() throws IOException {
    for (int length : List.of(1_000, 60_000, 1_100_000, 5_000_000)) {
      String body = inner().repeat(length / inner().length() + 1).substring(0, length);
      try (RawClient client = server.client()) {
        client.head(POST, "Origin: http://evil.example", "Content-Length: " + length);
        client.trySend(body);
        assertEquals(403, client.receive().status());
        client.trySend("\r\n");
        client.shutdownOutput();
        assertEquals(List.of(), client.statusesUntilClosed(), "length " + length);
      }
    }
  }

  @Test
  void norIfItComesLate() throws Exception {
    try (RawClient client = server.client()) {
      client.head(POST, "Origin: http://evil.example", "Content-Length: 200000");
      assertEquals(403, client.receive().status());
      client.trySend(inner().repeat(10_000));
      assertTrue(client.statusesUntilClosed().isEmpty());
    }
  }

  @Test
  void norIfItIsChunked() throws IOException {
    try (RawClient client = server.client()) {
      client.head(POST, "Origin: http://evil.example", "Transfer-Encoding: chunked");
      client.trySend("ZZZZ\r\n" + inner().repeat(1000));
      assertEquals(List.of(403), client.statusesUntilClosed());
    }
  }

  @Test
  void norTheBodyOfARequestWithoutUseForOne() throws IOException {
    String body = inner().repeat(20_000);
    try (RawClient client = server.client()) {
      client.head("GET /v1/models HTTP/1.1", "Content-Length: " + body.length());
      client.trySend(body);
      client.shutdownOutput();
      assertEquals(List.of(200), client.statusesUntilClosed());
    }
  }

  @Test
  void norWhatFollowsARefusalToContinue() throws IOException {
    try (RawClient client = server.client()) {
      client.head(
          POST, "Origin: http://evil.example", "Expect: 100-continue", "Content-Length: 5000");
      assertEquals(403, client.receive().status());
      client.trySend(inner().repeat(3));
      assertEquals(List.of(), client.statusesUntilClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 16;Transfer-Encoding: chunked",
        "Content-Length: 16;Content-Length: 17",
        "Content-Length: 16, 16",
        "Content-Length: +16",
        "Content-Length: -1",
        "Content-Length: 0x10",
        "Content-Length: 1e1",
        "Content-Length: 99999999999999999999",
        "Content-Length:",
        "Transfer-Encoding: chunked;Transfer-Encoding: chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding : chunked",
        "Content-Length: 16; folded",
        "X: a\u0000b;Content-Length: 16",
        "X: a\rb;Content-Length: 16",
        "X y: z;Content-Length: 16",
        ": empty;Content-Length: 16",
        "no colon;Content-Length: 16"
      })
  void framingThatReadersDisagreeOn(String headers) throws IOException {
    try (RawClient client = server.client()) {
      String lines = headers.replace("; folded", "\r\n folded").replace(";", "\r\n");
      client.head(POST, JSON, lines);
      client.trySend(BODY + inner());
      List<Integer> statuses = client.statusesUntilClosed();
      assertEquals(1, statuses.size(), statuses::toString);
      assertTrue(statuses.getFirst() == 400 || statuses.getFirst() == 501, statuses::toString);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "ZZ/3c | a size of letters",
        "-1/ | a negative size",
        "0x10/ | a size with a prefix",
        "/ | no size",
        "+10/ | a size with a sign",
        "10000000000000000/ | a size of 2^64",
        "ffffffffffffffff/ | a size of 2^64 - 1",
        "10 ;a=\"open/ | an open quote in an extension"
      })
  void chunksThatAreNone(String size, String why) throws IOException {
    try (RawClient client = server.client()) {
      client.head(POST, JSON, "Transfer-Encoding: chunked");
      client.trySend(size.split("/", -1)[0] + "\r\n" + BODY + "\r\n0\r\n\r\n" + inner());
      assertEquals(List.of(400), client.statusesUntilClosed(), why);
    }
  }

  @Test
  void wrongBytesAfterAChunk() throws IOException {
    try (RawClient client = server.client()) {
      client.head(POST, JSON, "Transfer-Encoding: chunked");
      client.trySend("10\r\n" + BODY + "XX0\r\n\r\n" + inner());
      assertEquals(List.of(400), client.statusesUntilClosed());
    }
  }

  @Test
  void chunksAsTheyMayBe() throws IOException {
    for (String body :
        List.of(
            "10\r\n" + BODY + "\r\n0\r\n\r\n",
            "0010;name=\"a;b\"\r\n" + BODY + "\r\n000\r\n\r\n",
            "A;x\r\n" + BODY.substring(0, 10) + "\r\n6\r\n" + BODY.substring(10) + "\r\n0\r\n\r\n",
            "10\r\n" + BODY + "\r\n0\r\nX-Trailer: yes\r\nY: z\r\n\r\n")) {
      try (RawClient client = server.client()) {
        client.head(POST, JSON, "Transfer-Encoding: chunked").send(body);
        assertEquals("abc", client.receive().at("choices.0.text"), body);
        client.request("GET", "/health", new byte[0]);
        assertEquals(200, client.receive().status(), body); // the connection is in step
      }
    }
  }

  @Test
  void floodsAfterTheChunks() throws IOException {
    for (String body :
        List.of(
            "10;" + "x".repeat(1 << 20) + "\r\n" + BODY + "\r\n0\r\n\r\n",
            "10\r\n" + BODY + "\r\n0\r\n" + "X: y\r\n".repeat(200_000) + "\r\n")) {
      try (RawClient client = server.client()) {
        client.head(POST, JSON, "Transfer-Encoding: chunked").trySend(body);
        List<Integer> statuses = client.statusesUntilClosed();
        assertTrue(statuses.isEmpty() || statuses.getFirst() >= 400, statuses::toString);
      }
    }
  }

  @Test
  void linesEndWithBoth() throws IOException {
    try (RawClient client = server.client()) {
      client.send("GET /health HTTP/1.1\nHost: 127.0.0.1:" + server.server.port() + "\n\n");
      assertEquals(List.of(400), client.statusesUntilClosed());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /health HTTP/1.1\r\n\r\n", // no host
        "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /health HTTP/1.1\r\nHost:\r\n\r\n",
        "GET http://other.example/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /v1/%2e%2e/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /\u00ff HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "NONSENSE\r\n\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001", // the begin of TLS
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void whatIsNoRequest(String bytes) throws IOException {
    try (RawClient client = server.client()) {
      client.trySend(bytes);
      client.shutdownOutput();
      RawClient.Answer answer = client.receive();
      assertTrue(answer.status() >= 400 && answer.status() < 500, answer::text);
      assertEquals("invalid_request_error", answer.at("error.type"), answer::text);
      assertEquals(List.of(), client.statusesUntilClosed());
    }
  }

  @Test
  void floodsOfHeaders() throws IOException {
    try (RawClient client = server.client()) {
      client.head("GET /health HTTP/1.1", "X: " + "y".repeat(20_000));
      assertEquals(List.of(431), client.statusesUntilClosed());
    }
    try (RawClient client = server.client()) {
      client.trySend("GET /health HTTP/1.1\r\n" + "A: b\r\n".repeat(100_000) + "\r\n");
      List<Integer> statuses = client.statusesUntilClosed();
      assertTrue(statuses.isEmpty() || statuses.equals(List.of(431)), statuses::toString);
    }
    try (RawClient client = server.client()) {
      client.trySend("GET /" + "x".repeat(1 << 20) + " HTTP/1.1\r\n\r\n");
      List<Integer> statuses = client.statusesUntilClosed();
      assertTrue(statuses.isEmpty() || statuses.equals(List.of(414)), statuses::toString);
    }
  }
}
