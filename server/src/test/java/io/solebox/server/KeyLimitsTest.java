package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.Requester;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the owner of a key may use, and what he is told of it. */
@Timeout(60)
class KeyLimitsTest {
  private static final String ALICE = "0123456789abcdef-alice";
  private static final String BOB = "0123456789abcdef-bob";

  @TempDir Path folder;

  private Path keys(String... lines) throws IOException {
    Path keys = Files.write(folder.resolve("keys"), List.of(lines));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    return keys;
  }

  private TestServer server(String... lines) throws IOException {
    return new TestServer(ServerConfig.defaults().withApiKeyFile(keys(lines)));
  }

  private static String bearer(String key) {
    return "Authorization: Bearer " + key;
  }

  private static RawClient.Answer chat(TestServer server, String key, String text, String more)
      throws IOException {
    return server.post("/v1/chat/completions", TestServer.chat(text, more), bearer(key));
  }

  @Test
  void requestsAMinute() throws IOException {
    try (TestServer server = server(ALICE + " name=alice rpm=2", BOB + " name=bob")) {
      RawClient.Answer first = chat(server, ALICE, "hi", "");
      assertEquals("2", first.header("x-ratelimit-limit-requests"));
      assertEquals("1", first.header("x-ratelimit-remaining-requests"));
      assertTrue(
          first.header("x-ratelimit-reset-requests").matches("(29\\.\\d+|30)s"), first::text);
      assertNull(first.header("x-ratelimit-limit-tokens"));
      assertEquals("0", chat(server, ALICE, "hi", "").header("x-ratelimit-remaining-requests"));
      RawClient.Answer refused = chat(server, ALICE, "hi", "");
      assertEquals(429, refused.status());
      assertEquals("rate_limit_exceeded", refused.at("error.code"));
      assertEquals("requests", refused.at("error.type"));
      assertEquals("requests_per_minute", refused.at("error.limit"));
      assertTrue(Integer.parseInt(refused.header("Retry-After")) <= 30);
      assertEquals("0", refused.header("x-ratelimit-remaining-requests"));
      assertEquals(1, server.server.counters().get("limit_refused"));
      // What uses no model is no such request, and others are not touched.
      assertEquals(200, server.get("/v1/models", bearer(ALICE)).status());
      RawClient.Answer other = chat(server, BOB, "hi", "");
      assertEquals(200, other.status());
      assertNull(other.header("x-ratelimit-limit-requests"));
    }
  }

  @Test
  void tokensAreThoseOfPromptAndAnswer() throws Exception {
    try (TestServer server = server(ALICE + " name=alice tpd=1000")) {
      RawClient.Answer whole = chat(server, ALICE, "hello", "");
      long total = (long) whole.at("usage.total_tokens");
      long left = Long.parseLong(whole.header("x-ratelimit-remaining-tokens"));
      assertEquals(1000 - total, left, 1);
      // Of two answers to one prompt, it counts once.
      RawClient.Answer two = chat(server, ALICE, "hello", ",\"n\":2");
      long both = (long) two.at("usage.total_tokens");
      assertEquals(left - both, Long.parseLong(two.header("x-ratelimit-remaining-tokens")), 1);
      assertTrue(both < 2 * total);
      // A stream begins when its answer does, and counts all the same.
      chat(server, ALICE, "x".repeat(400), ",\"stream\":true").text();
      RawClient.Answer refused = chat(server, ALICE, "hello", "");
      for (int i = 0; i < 3 && refused.status() == 200; i++) {
        refused = chat(server, ALICE, "x".repeat(400), "");
      }
      assertEquals(429, refused.status());
      assertEquals("tokens", refused.at("error.type"));
      assertEquals("0", refused.header("x-ratelimit-remaining-tokens"));
    }
  }

  @Test
  void whoeverLeavesHasUsedWhatWasMade() throws Exception {
    try (TestServer server = server(ALICE + " name=alice tpd=10000")) {
      server.model.pace(0, 1);
      try (RawClient client = server.client()) {
        client.post(
            "/v1/chat/completions",
            TestServer.chat("!forever", ",\"stream\":true,\"max_tokens\":1000"),
            bearer(ALICE));
        client.receiveHead();
        for (int events = 0; events < 15; ) {
          events += client.line().startsWith("data: ") ? 1 : 0;
        }
      }
      while (server.model.running() > 0) {
        Thread.sleep(5);
      }
      long prompt = server.model.lastRequest().prompt().length;
      long most = 10_000 - prompt - 10;
      long left = most + 1;
      for (int i = 0; i < 100 && left > most; i++) {
        RawClient.Answer count = server.post("/tokenize", "{\"content\":\"x\"}", bearer(ALICE));
        left = Long.parseLong(count.header("x-ratelimit-remaining-tokens"));
        Thread.sleep(10);
      }
      assertTrue(left <= most, "left " + left);
    }
  }

  /** Its owner has used his tokens; another's batch, which came later, goes on. */
  @Test
  void aBatchWaitsForTokensAndHoldsUpNobody() throws Exception {
    ServerConfig config =
        ServerConfig.defaults()
            .withApiKeyFile(keys(ALICE + " name=alice tpd=30", BOB + " name=bob"))
            .withStateFile(folder.resolve("server.db"));
    try (TestServer server = new TestServer(config)) {
      assertEquals(200, chat(server, ALICE, "a text that is long enough", "").status());
      Object first = batch(server, ALICE);
      Object second = batch(server, BOB);
      RawClient.Answer bobs = server.get("/v1/batches/" + second, bearer(BOB));
      for (int i = 0; i < 1000 && !"completed".equals(bobs.at("status")); i++) {
        Thread.sleep(10);
        bobs = server.get("/v1/batches/" + second, bearer(BOB));
      }
      assertEquals("completed", bobs.at("status"));
      RawClient.Answer hers = server.get("/v1/batches/" + first, bearer(ALICE));
      assertEquals("in_progress", hers.at("status"));
      assertEquals(0L, hers.at("request_counts.completed"));
    }
  }

  private static Object batch(TestServer server, String key) throws IOException {
    String line =
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":%s}\n"
            .formatted(TestServer.chat("x", ""));
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"in\"\r\n\r\n"
            + line
            + "\r\n--b--\r\n";
    Object file =
        server
            .post("/v1/files", form, bearer(key), "Content-Type: multipart/form-data; boundary=b")
            .at("id");
    return server
        .post(
            "/v1/batches",
            "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\"}".formatted(file),
            bearer(key))
        .at("id");
  }

  @Test
  void requestsAtTheSameTime() throws Exception {
    try (TestServer server = server(ALICE + " name=alice concurrent=1")) {
      server.model.pace(60_000, 0);
      try (RawClient client = server.client()) {
        client.post("/v1/chat/completions", TestServer.chat("x", ""), bearer(ALICE));
        while (server.model.running() == 0) {
          Thread.sleep(5);
        }
        RawClient.Answer refused = chat(server, ALICE, "x", "");
        assertEquals(429, refused.status());
        assertEquals("concurrent_requests", refused.at("error.limit"));
        assertEquals("1", refused.header("Retry-After"));
      }
      server.model.pace(0, 0);
      RawClient.Answer answer = chat(server, ALICE, "x", "");
      for (int i = 0; i < 400 && answer.status() == 429; i++) {
        Thread.sleep(10);
        answer = chat(server, ALICE, "x", "");
      }
      assertEquals(200, answer.status(), "what has left is not counted any more");
    }
  }

  @Test
  void anthropicHasItsOwnWords() throws IOException {
    try (TestServer server = server(ALICE + " name=alice rpm=1 tpd=100000")) {
      String body =
          "{\"model\":\"echo\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
      RawClient.Answer answer = server.post("/v1/messages", body, "x-api-key: " + ALICE);
      assertEquals(200, answer.status(), answer::text);
      assertEquals("1", answer.header("anthropic-ratelimit-requests-limit"));
      assertEquals("0", answer.header("anthropic-ratelimit-requests-remaining"));
      assertTrue(
          Instant.parse(answer.header("anthropic-ratelimit-requests-reset"))
              .isAfter(Instant.now()));
      assertEquals("100000", answer.header("anthropic-ratelimit-tokens-limit"));
      assertNull(answer.header("x-ratelimit-limit-requests"));
      RawClient.Answer refused = server.post("/v1/messages", body, "x-api-key: " + ALICE);
      assertEquals(429, refused.status());
      assertEquals("rate_limit_error", refused.at("error.type"));
      assertEquals("rate_limit_exceeded", refused.at("error.details.error_code"));
      assertTrue(Integer.parseInt(refused.header("Retry-After")) <= 60);
    }
  }

  /** A client of OpenAI's passes over a wait that long, and would ask again at once. */
  @Test
  void nobodyIsAskedBackBeforeADay() throws IOException {
    try (TestServer server = server(ALICE + " name=alice tpd=5")) {
      assertEquals(200, chat(server, ALICE, "a longer text", "").status());
      RawClient.Answer refused = chat(server, ALICE, "x", "");
      assertEquals(429, refused.status());
      assertEquals("tokens_per_day", refused.at("error.limit"));
      assertEquals("false", refused.header("x-should-retry"));
      assertTrue(Integer.parseInt(refused.header("Retry-After")) > 3600);
    }
  }

  /** A hundred years are more seconds than an int has. */
  @Test
  void aDebtCanBeHuge() throws IOException {
    try (TestServer server = server(ALICE + " name=alice tpd=1")) {
      assertEquals(200, chat(server, ALICE, "x".repeat(500), ",\"n\":100").status());
      RawClient.Answer refused = chat(server, ALICE, "x", "");
      assertEquals(429, refused.status(), refused::text);
      assertEquals(String.valueOf(Integer.MAX_VALUE), refused.header("Retry-After"));
      assertEquals("0", refused.header("x-ratelimit-remaining-tokens"));
    }
  }

  @Test
  void aWeightNeedsOthersWithKeys() {
    SoleboxException e =
        assertThrows(
            SoleboxException.class,
            () -> new TestServer(ServerConfig.defaults().withUsualLimits("rpm=2 weight=2")));
    assertTrue(e.remedy().contains("--api-key-file"), e::remedy);
  }

  @Test
  void aKeyCanBeOfTheBackgroundAlone() throws IOException {
    try (TestServer server = server(ALICE + " name=alice background", BOB + " name=bob")) {
      server.ready("vectors", EchoModel.pooling("bert", Pooling.MEAN));
      RawClient.Answer answer = chat(server, ALICE, "x", ",\"service_tier\":\"priority\"");
      assertEquals("flex", answer.at("service_tier"));
      assertEquals(Priority.BACKGROUND, server.model.lastRequest().priority());
      assertEquals("alice", server.model.lastRequest().user());
      chat(server, BOB, "x", "");
      assertEquals(Priority.INTERACTIVE, server.model.lastRequest().priority());
    }
  }

  @Test
  void withoutKeysAllRequestsShareOneLimit() throws IOException {
    ServerConfig config = ServerConfig.defaults().withUsualLimits("rpm=2, concurrent=5");
    try (TestServer server = new TestServer(config)) {
      assertEquals(200, server.postCompletion("x", ",\"user\":\"a\"").status());
      assertEquals(200, server.postCompletion("x", ",\"user\":\"b\"").status());
      assertEquals(429, server.postCompletion("x", ",\"user\":\"c\"").status());
      RawClient.Answer ollama =
          server.post("/api/generate", "{\"model\":\"echo\",\"prompt\":\"x\"}");
      assertEquals(429, ollama.status());
      assertTrue(((String) ollama.at("error")).contains("2 requests a minute"), ollama::text);
      assertEquals(200, server.get("/props").status(), "nothing is computed for it");
    }
  }

  @Test
  void usualLimitsAreForThoseWhoHaveNone() throws IOException {
    ServerConfig config =
        ServerConfig.defaults()
            .withUsualLimits("rpm=1")
            .withApiKeyFile(keys(ALICE + " name=alice rpm=100", BOB + " name=bob"));
    try (TestServer server = new TestServer(config)) {
      assertEquals(200, chat(server, ALICE, "x", "").status());
      assertEquals(200, chat(server, ALICE, "x", "").status());
      assertEquals(200, chat(server, BOB, "x", "").status());
      assertEquals(429, chat(server, BOB, "x", "").status());
    }
  }

  @Test
  void weightsAreThoseOfTheKeys() throws IOException {
    ServerConfig config =
        ServerConfig.defaults().withApiKeyFile(keys(ALICE + " name=alice weight=3", BOB));
    assertEquals(3, config.userWeights().weight("alice"));
    assertEquals(1, config.userWeights().weight("somebody"));
    assertEquals(1, ServerConfig.defaults().userWeights().weight("alice"));
  }

  @Test
  void vectorsAreSharedLikeAnswers() throws IOException {
    try (TestServer server = server(ALICE + " name=alice", BOB + " name=bob background")) {
      EchoModel model = EchoModel.pooling("bert", Pooling.MEAN);
      server.ready("vectors", model);
      String body = "{\"model\":\"vectors\",\"input\":\"abc\",\"user\":\"eve\"%s}";
      server.post("/v1/embeddings", body.formatted(""), bearer(ALICE));
      server.post("/v1/embeddings", body.formatted(",\"service_tier\":\"flex\""), bearer(ALICE));
      server.post("/v1/embeddings", body.formatted(""), bearer(BOB));
      assertEquals(
          List.of(
              new Requester("alice", Priority.INTERACTIVE),
              new Requester("alice", Priority.BACKGROUND),
              new Requester("bob", Priority.BACKGROUND)),
          model.requesters());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"rpm=0", "tpm=many", "weight=", "rpm=1 rpm=2", "speed=1", "background=no"})
  void badLimitsAreNamedWithTheirLine(String words) throws IOException {
    Path file = keys("# ours", ALICE + " name=alice " + words);
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> ServerConfig.defaults().withApiKeyFile(file));
    assertTrue(error.place().endsWith(":2"), error.place());
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void oneNameHasOneSetOfLimits() throws IOException {
    Path file = keys(ALICE + " name=alice rpm=1", BOB + " name=alice rpm=2");
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> ServerConfig.defaults().withApiKeyFile(file));
    assertTrue(error.place().endsWith(":2"), error.place());
    try (TestServer server = server(ALICE + " name=alice rpm=1", BOB + " name=alice rpm=1")) {
      assertEquals(200, chat(server, ALICE, "x", "").status());
      assertEquals(429, chat(server, BOB, "x", "").status());
    }
  }
}
