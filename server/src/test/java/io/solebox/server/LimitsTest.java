package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What there is a limited amount of: memory for bodies, places in the queue. */
@Timeout(60)
class LimitsTest {
  private static final String GZIP = "Content-Encoding: gzip";

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(plain);
    }
    return packed.toByteArray();
  }

  private static RawClient.Answer post(TestServer server, byte[] body, String... headers)
      throws IOException {
    try (RawClient client = server.client()) {
      client.request("POST", "/v1/completions", body, headers);
      return client.receive();
    }
  }

  @Test
  void packedBodies() throws IOException {
    byte[] body = "{\"prompt\":\"abc\"}".getBytes(StandardCharsets.UTF_8);
    try (TestServer server = new TestServer()) {
      assertEquals("abc", post(server, gzip(body), GZIP).at("choices.0.text"));
      assertEquals(
          "abc", post(server, gzip(body), "content-encoding: X-GZIP").at("choices.0.text"));
      assertEquals("abc", post(server, body, "Content-Encoding: identity").at("choices.0.text"));
      RawClient.Answer broken = post(server, "not gzip".getBytes(StandardCharsets.UTF_8), GZIP);
      assertEquals(400, broken.status());
      byte[] half = gzip(body);
      assertEquals(400, post(server, Arrays.copyOf(half, 12), GZIP).status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip", "aws-chunked"})
  void otherPackingsAreNamed(String encoding) throws IOException {
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer = post(server, new byte[] {1}, "Content-Encoding: " + encoding);
      assertEquals(415, answer.status());
      assertTrue(((String) answer.at("error.message")).contains(encoding), answer::text);
      assertTrue(((String) answer.at("error.message")).contains("gzip"), answer::text);
    }
  }

  @Test
  void packedBodiesHaveTheSameLimit() throws IOException {
    HttpLimits limits = HttpLimits.defaults().withMaxBodyBytes(1 << 20);
    try (TestServer server = new TestServer(ServerConfig.defaults().withLimits(limits))) {
      RawClient.Answer answer = post(server, gzip(new byte[100 << 20]), GZIP);
      assertEquals(413, answer.status());
      assertEquals("request_too_large", answer.at("error.code"));
    }
  }

  @Test
  void bodiesShareTheirMemory() throws Exception {
    HttpLimits limits = HttpLimits.defaults().withMaxBytesInFlight(1 << 20);
    try (TestServer server = new TestServer(ServerConfig.defaults().withLimits(limits));
        RawClient slow = server.client()) {
      String large = "{\"prompt\":\"x\",\"user\":\"" + "y".repeat(900_000) + "\"}";
      slow.head(
          "POST /v1/completions HTTP/1.1",
          "Content-Type: application/json",
          "Content-Length: " + large.length());
      slow.send(large.substring(0, 890_000));
      while (server.server.counters().get("body_bytes") < 890_000) {
        Thread.sleep(5);
      }
      RawClient.Answer refused = server.post("/v1/completions", large);
      assertEquals(503, refused.status());
      assertEquals("server_busy", refused.at("error.code"));
      assertEquals("2", refused.header("Retry-After"));
      assertTrue(server.server.counters().get("bodies_refused") > 0);
      slow.send(large.substring(890_000));
      assertEquals("x", slow.receive().at("choices.0.text"));
      // What was taken is given back, by the refused ones too.
      assertEquals("x", server.post("/v1/completions", large).at("choices.0.text"));
      assertEquals(0, server.server.counters().get("body_bytes"));
    }
  }

  @Test
  void valuesHaveALimit() throws IOException {
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer =
          server.post("/v1/completions", "{\"a\":[" + "{},".repeat(600_000) + "1]}");
      assertEquals(400, answer.status());
      assertTrue(((String) answer.at("error.message")).contains("500000 values"), answer::text);
      // What has no effect is not even made of its bytes.
      String metadata = "{\"a\":[" + "{},".repeat(600_000) + "1]}";
      assertEquals(
          "x",
          server
              .post("/v1/completions", "{\"metadata\":" + metadata + ",\"prompt\":\"x\"}")
              .at("choices.0.text"));
    }
  }

  @Test
  void theQueueHasAnEnd() throws Exception {
    try (TestServer server = new TestServer(ServerConfig.defaults().withMaxWaiting(2))) {
      server.model.slots(1);
      server.model.pace(60_000, 0);
      List<RawClient> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = server.client();
        client.post("/v1/completions", "{\"prompt\":\"x\"}");
        held.add(client);
        int expected = i;
        while (server.model.stats().running() + server.model.stats().waiting() <= expected) {
          Thread.sleep(5);
        }
      }
      RawClient.Answer answer = server.postCompletion("x", "");
      assertEquals(429, answer.status());
      assertNull(answer.header("X-Solebox-Queue-Position"));
      assertEquals("queue_full", answer.at("error.code"));
      assertEquals("5", answer.header("Retry-After"));
      assertEquals(1, server.server.counters().get("queue_refused"));
      assertEquals(200, server.get("/health").status());
      for (RawClient client : held) {
        client.close();
      }
      server.model.pace(0, 0);
      for (int i = 0; i < 400 && answer.status() == 429; i++) {
        Thread.sleep(10);
        answer = server.postCompletion("x", "");
      }
      assertEquals(200, answer.status());
    }
  }

  @Test
  void whoeverIsAcceptedHearsHisPlace() throws Exception {
    try (TestServer server = new TestServer()) {
      for (int i = 0; i < 20; i++) { // who has his answer is before nobody
        assertEquals("0", server.postCompletion("x", "").header("X-Solebox-Queue-Position"));
      }
      server.model.slots(1);
      server.model.pace(60_000, 0);
      List<RawClient> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        RawClient client = server.client();
        client.post("/v1/completions", "{\"prompt\":\"x\",\"stream\":true}");
        held.add(client);
        RawClient.Answer head = client.receiveHead();
        // One runs, and the others wait.
        assertEquals(Integer.toString(Math.max(0, i - 1)), head.header("X-Solebox-Queue-Position"));
        // The head comes when the answer is accepted; the next one counts whoever still waits.
        await(server, 1, i);
      }
      for (RawClient client : held) {
        client.close();
      }
    }
  }

  private static void await(TestServer server, int running, int waiting)
      throws InterruptedException {
    while (server.model.stats().running() != running || server.model.stats().waiting() != waiting) {
      Thread.sleep(5);
    }
  }

  @Test
  void countersCount() throws IOException {
    try (TestServer server = new TestServer()) {
      server.get("/health");
      server.get("/nothing");
      server.postCompletion("x", "");
      var counters = server.server.counters();
      assertEquals(3, counters.get("requests"));
      assertEquals(2, counters.get("answers_2xx"));
      assertEquals(1, counters.get("answers_4xx"));
      assertTrue(counters.containsKey("connections"));
    }
  }
}
