package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.HttpLimits.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Everything that a client can draw out has an end; the limits here are short ones. */
@Timeout(60)
class SlowClientTest {
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Of a limit, and of the look at it. */
  private static final Duration SOON = Duration.ofSeconds(5);

  /** Over what the same must hold. */
  ServerConfig config() {
    return ServerConfig.defaults();
  }

  private TestServer server(Times times) {
    return new TestServer(config().withLimits(HttpLimits.defaults().withTimes(times)));
  }

  private static Times header(Duration time) {
    return new Times(LONG, time, LONG, LONG, LONG, LONG);
  }

  private static Times body(Duration grace, Duration all) {
    return new Times(LONG, LONG, all, grace, LONG, LONG);
  }

  private static long count(TestServer server, String name) {
    Map<String, Long> counters = server.server.counters();
    return counters.get(name);
  }

  /** Sends {@code piece} again and again until the server has had enough. */
  private static boolean drips(RawClient client, String piece) throws Exception {
    long end = System.nanoTime() + SOON.toNanos();
    while (System.nanoTime() < end) {
      if (!client.trySend(piece)) {
        return true;
      }
      Thread.sleep(50);
    }
    return false;
  }

  @Test
  void idleConnectionsAreClosed() throws IOException {
    try (TestServer server = server(new Times(SHORT, LONG, LONG, LONG, LONG, LONG));
        RawClient silent = server.client();
        RawClient half = server.client();
        RawClient after = server.client()) {
      half.send("GET /health HT");
      after.request("GET", "/health", new byte[0]);
      after.receive();
      assertTrue(silent.closedWithin(SOON));
      assertTrue(half.closedWithin(SOON));
      assertTrue(after.closedWithin(SOON));
    }
  }

  @Test
  void headersThatDrip() throws Exception {
    try (TestServer server = server(header(SHORT));
        RawClient first = server.client();
        RawClient second = server.client()) {
      first.send("GET /health HTTP/1.1\r\n");
      assertTrue(drips(first, "X: y\r\n"));
      second.request("GET", "/health", new byte[0]);
      second.receive();
      second.send("GET /health HTTP/1.1\r\n");
      assertTrue(drips(second, "X: y\r\n"));
      assertEquals(2, count(server, "slow_headers"));
      assertEquals(200, server.get("/health").status());
    }
  }

  @Test
  void aLongBodyIsNoHeader() throws Exception {
    try (TestServer server = server(header(SHORT));
        RawClient client = server.client()) {
      String body = "{\"prompt\":\"abc\"" + " ".repeat(40) + "}";
      client.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Content-Length: " + body.length());
      for (char c : body.toCharArray()) {
        client.send(Character.toString(c));
        Thread.sleep(50);
      }
      assertEquals("abc", client.receive().at("choices.0.text"));
    }
  }

  @Test
  void bodiesThatDrip() throws Exception {
    try (TestServer server = server(body(SHORT, LONG))) {
      for (String framing : new String[] {"Content-Length: 100000", "Transfer-Encoding: chunked"}) {
        try (RawClient client = server.client()) {
          client.head("POST /v1/completions HTTP/1.1", "Content-Type: application/json", framing);
          boolean chunked = framing.contains("chunked");
          assertTrue(drips(client, chunked ? "1\r\n \r\n" : " "), framing);
        }
      }
      assertEquals(2, count(server, "slow_bodies"));
    }
  }

  @Test
  void halfABodyAndThenSilence() throws IOException {
    try (TestServer server = server(body(SHORT, SHORT));
        RawClient client = server.client()) {
      client.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Content-Length: 1000");
      client.send("{\"prompt\": ");
      RawClient.Answer answer = client.receive();
      assertEquals(408, answer.status());
      assertEquals("request_timeout", answer.at("error.code"));
      assertTrue(client.closedWithin(SOON));
    }
  }

  /** The rest of a refused body is waited for where the body itself was waited for. */
  @Test
  void aSlowBodyIsNoFaultOfTheServer() throws IOException {
    PrintStream console = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (TestServer server = server(body(SHORT, SHORT));
        RawClient client = server.client()) {
      client.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Transfer-Encoding: chunked");
      client.send("1\r\n{\r\n");
      assertEquals(408, client.receive().status());
      client.trySend("1\r\n \r\n");
      assertTrue(client.closedWithin(SOON));
    } finally {
      System.setErr(console);
    }
    assertFalse(log.toString(StandardCharsets.UTF_8).contains("demand"), log::toString);
  }

  @Test
  void allOfABodyHasATimeToo() throws Exception {
    try (TestServer server = server(body(LONG, SHORT));
        RawClient client = server.client()) {
      client.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Content-Length: 100000000".replace("000", ""));
      assertTrue(drips(client, " ".repeat(10)));
    }
  }

  @Test
  void aReaderThatDoesNotReadIsCutOff() throws Exception {
    try (TestServer server = server(new Times(LONG, LONG, LONG, LONG, SHORT, LONG));
        RawClient client = server.client(2048)) {
      // Chunks are larger with log-probabilities; what the system buffers is soon full.
      String more = ",\"stream\":true,\"ignore_eos\":true,\"max_tokens\":100000";
      for (int i = 0; i < 40; i++) {
        client.post("/v1/completions", "{\"prompt\":\"abc\",\"logprobs\":2" + more + "}");
      }
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (count(server, "slow_readers") == 0 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      assertEquals(1, count(server, "slow_readers"));
      assertEquals("still", server.postCompletion("still", "").at("choices.0.text"));
    }
  }

  @Test
  void aWaitingStreamIsKeptAlive() throws IOException {
    try (TestServer server =
            server(new Times(SHORT, LONG, LONG, LONG, LONG, Duration.ofMillis(100)));
        RawClient client = server.client()) {
      server.model.pace(2000, 0);
      client.post("/v1/completions", "{\"prompt\":\"abc\",\"stream\":true}");
      // The header comes at once, long before the first event.
      assertEquals("HTTP/1.1 200 OK", client.line());
      assertEquals("no", client.headers().get("x-accel-buffering"));
      assertEquals("8", client.line());
      assertEquals(": ping", client.line());
    }
    try (TestServer server =
        server(new Times(SHORT, LONG, LONG, LONG, LONG, Duration.ofMillis(100)))) {
      server.model.pace(1500, 0);
      RawClient.Answer answer = server.postCompletion("abc", ",\"stream\":true");
      assertTrue(answer.text().startsWith(": ping\n\n: ping\n\n"), answer::text);
      assertEquals("[DONE]", answer.events().getLast());
      assertEquals(5, answer.events().size());
    }
  }

  @Test
  void computingIsNotIdle() throws IOException {
    try (TestServer server = server(new Times(SHORT, SHORT, SHORT, SHORT, SHORT, LONG))) {
      server.model.pace(2500, 0);
      assertEquals("abc", server.postCompletion("abc", "").at("choices.0.text"));
      assertFalse(count(server, "clients_gone") > 0);
    }
  }
}
