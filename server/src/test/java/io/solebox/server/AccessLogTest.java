package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of a request when it is over, and what never is. */
@Timeout(30)
class AccessLogTest {
  @TempDir Path folder;

  private TestServer server(Path log) {
    return server(ServerConfig.defaults(), log);
  }

  private TestServer server(ServerConfig config, Path log) {
    return new TestServer(config.withWatching(Watching.nobody().withAccessLog(log)));
  }

  /** The first lines, when there are so many. */
  private static List<Map<String, Object>> lines(Path log, int count) throws Exception {
    List<String> lines = Files.readAllLines(log);
    while (lines.size() < count) {
      Thread.sleep(2);
      lines = Files.readAllLines(log);
    }
    JsonReader json = new JsonReader(JsonLimits.LOCAL);
    return lines.stream().map(l -> json.readObject(l.getBytes(StandardCharsets.UTF_8))).toList();
  }

  @Test
  void aRequestIsALine() throws Exception {
    Path log = folder.resolve("access.log");
    try (TestServer server = server(log)) {
      RawClient.Answer answer = server.postChat("a secret thing", "");
      Map<String, Object> line = lines(log, 1).getFirst();
      assertTrue(Instant.parse((String) line.get("time")).isBefore(Instant.now()));
      assertEquals(answer.header("X-Request-Id"), line.get("id"));
      assertEquals("POST", line.get("method"));
      assertEquals("/v1/chat/completions", line.get("route"));
      assertEquals(200L, line.get("status"));
      assertEquals((long) answer.body().length, line.get("bytes"));
      assertEquals("echo", line.get("model"));
      assertEquals(14L, line.get("completion_tokens"));
      assertEquals(4L, line.get("cached_tokens"));
      assertEquals(1.0, ((Number) line.get("queue_ms")).doubleValue());
      assertEquals(2.0, ((Number) line.get("prefill_ms")).doubleValue());
      assertEquals(3.0, ((Number) line.get("decode_ms")).doubleValue());
      for (String absent : List.of("code", "key", "client_gone", "trace")) {
        assertNull(line.get(absent), absent);
      }
      assertFalse(Files.readString(log).contains("secret"));
    }
  }

  @Test
  void workThatNoRequestWaitsForHasItsLines() throws Exception {
    Path log = folder.resolve("access.log");
    ServerConfig config = ServerConfig.defaults().withStateFile(folder.resolve("server.db"));
    try (TestServer server = server(config, log)) {
      String input = "{\"model\":\"echo\",\"input\":\"a secret thing\",\"background\":true}";
      RawClient.Answer begun = server.post("/v1/responses", input);
      List<Map<String, Object>> two = lines(log, 2);
      Map<String, Object> work =
          two.stream().filter(line -> line.containsKey("response")).findFirst().orElseThrow();
      assertEquals(begun.at("id"), work.get("response"));
      assertEquals(begun.header("X-Request-Id"), work.get("id"));
      assertEquals("/v1/responses", work.get("route"));
      assertEquals(200L, work.get("status"));
      assertEquals("echo", work.get("model"));
      assertEquals(14L, work.get("completion_tokens"));
      Map<String, Object> request =
          two.stream().filter(line -> !line.containsKey("response")).findFirst().orElseThrow();
      assertEquals(begun.header("X-Request-Id"), request.get("id"));
      assertNull(request.get("completion_tokens"), "it was answered before");

      String line = "{\"custom_id\":\"%s\",\"url\":\"/v1/chat/completions\",\"body\":%s}\n";
      String file =
          line.formatted("good", TestServer.chat("secret", ""))
              + line.formatted("bad", TestServer.chat("!fail", ""));
      Object sent =
          FilesApiTest.upload(
                  server, FilesApiTest.field("purpose", "batch"), FilesApiTest.file("in", file))
              .at("id");
      Object batch =
          server
              .post(
                  "/v1/batches",
                  "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\"}"
                      .formatted(sent))
              .at("id");
      RawClient.Answer now = server.get("/v1/batches/" + batch);
      while (!"completed".equals(now.at("status"))) {
        Thread.sleep(20);
        now = server.get("/v1/batches/" + batch);
      }
      List<Map<String, Object>> items =
          lines(log, 6).stream().filter(each -> each.containsKey("batch")).toList();
      assertEquals(2, items.size());
      assertTrue(items.stream().allMatch(each -> batch.equals(each.get("batch"))));
      RawClient.Answer output = server.get("/v1/files/" + now.at("output_file_id") + "/content");
      Map<String, Object> good =
          items.stream().filter(each -> each.get("status").equals(200L)).findFirst().orElseThrow();
      assertEquals(output.at("response.request_id"), good.get("id"));
      assertEquals("/v1/chat/completions", good.get("route"));
      assertEquals(6L, good.get("completion_tokens"));
      Map<String, Object> bad =
          items.stream().filter(each -> each.get("status").equals(500L)).findFirst().orElseThrow();
      assertEquals("io_error", bad.get("code"));
      assertFalse(Files.readString(log).contains("secret"));
    }
  }

  @Test
  void whatGoesWrongHasItsCodeAndNoWordOfTheClient() throws Exception {
    Path log = folder.resolve("access.log");
    try (TestServer server = server(log)) {
      server.get("/v1/secret/path?key=secret");
      lines(log, 1);
      server.postChat("!fail secret", ",\"temperature\":-1");
      lines(log, 2);
      server.postChat("!fail", ",\"stream\":true");
      List<Map<String, Object>> lines = lines(log, 3);
      assertEquals("other", lines.get(0).get("route"));
      assertEquals("unknown_url", lines.get(0).get("code"));
      assertEquals("invalid_value", lines.get(1).get("code"));
      assertEquals(200L, lines.get(2).get("status"), "its header was sent before");
      assertEquals("io_error", lines.get(2).get("code"));
      assertFalse(Files.readString(log).contains("secret"));
    }
  }

  @Test
  void keysHaveNamesThere() throws Exception {
    Path log = folder.resolve("access.log");
    String key = "0123456789abcdef-alice";
    Path keys = Files.writeString(folder.resolve("keys"), key + " name=alice\n" + key + "2\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer server = server(ServerConfig.defaults().withApiKeyFile(keys), log)) {
      server.get("/v1/models", "Authorization: Bearer " + key);
      lines(log, 1);
      server.get("/v1/models", "Authorization: Bearer " + key + "2");
      lines(log, 2);
      server.get("/v1/models", "Authorization: Bearer guessed-key-that-is-wrong");
      List<Map<String, Object>> lines = lines(log, 3);
      assertEquals("alice", lines.get(0).get("key"));
      assertTrue(((String) lines.get(1).get("key")).startsWith("key-"), "it has no name");
      assertNull(lines.get(2).get("key"));
      assertEquals("invalid_api_key", lines.get(2).get("code"));
      assertFalse(Files.readString(log).contains(key));
      assertFalse(Files.readString(log).contains("guessed"));
    }
  }

  @Test
  void whoLeavesIsSaidToHaveLeft() throws Exception {
    Path log = folder.resolve("access.log");
    try (TestServer server = server(log)) {
      server.model.pace(0, 10);
      try (RawClient client = server.client()) {
        client.post("/v1/chat/completions", TestServer.chat("!forever", ""));
        while (server.model.running() == 0) {
          Thread.sleep(5);
        }
      }
      Map<String, Object> line = lines(log, 1).getFirst();
      assertEquals(499L, line.get("status"));
      assertEquals(true, line.get("client_gone"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "req-1.2:3_4", "0af7651916cd43dd8448eb211c80319c"})
  void idsOfClientsAreKept(String id) throws IOException {
    try (TestServer server = new TestServer()) {
      assertEquals(id, server.get("/health", "X-Request-Id: " + id).header("X-Request-Id"));
      assertEquals(id, server.get("/nothing", "X-Request-Id: " + id).header("X-Request-Id"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "a b", "a\"b", "a,b", "<x>", "\u00e4"})
  void idsThatCouldSpoilALogAreNot(String id) throws IOException {
    try (TestServer server = new TestServer()) {
      String made = server.get("/health", "X-Request-Id: " + id).header("X-Request-Id");
      assertTrue(made.matches("req_[0-9a-f]{32}"), made);
      String other =
          server.get("/health", "X-Request-Id: " + "x".repeat(129)).header("X-Request-Id");
      assertNotEquals(made, other);
      assertTrue(other.startsWith("req_"));
    }
  }

  @Test
  void internalErrorsAreCalledByTheRequest() throws IOException {
    var err = System.err;
    var log = new ByteArrayOutputStream();
    System.setErr(new java.io.PrintStream(log, true, StandardCharsets.UTF_8));
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer =
          server.post(
              "/v1/chat/completions", TestServer.chat("!bug", ""), "X-Request-Id: the-bug-1");
      assertEquals(500, answer.status());
      assertTrue(answer.text().contains("the-bug-1"), answer::text);
      assertTrue(log.toString(StandardCharsets.UTF_8).contains("the-bug-1"));
    } finally {
      System.setErr(err);
    }
  }

  @Test
  void theFileMayBeTruncatedOrMovedAway() throws Exception {
    Path log = folder.resolve("access.log");
    try (TestServer server = server(log)) {
      server.get("/health");
      lines(log, 1);
      Files.newByteChannel(log, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
          .close();
      server.get("/healthz");
      assertEquals("/healthz", lines(log, 1).getFirst().get("route"), "no hole before it");
      Files.move(log, folder.resolve("access.log.1"));
      while (!Files.exists(log)) {
        server.get("/readyz");
        Thread.sleep(50);
      }
      assertEquals("/readyz", lines(log, 1).getFirst().get("route"));
      assertTrue(Files.size(folder.resolve("access.log.1")) > 0);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsSaidAtTheStart() {
    Path log = folder.resolve("no/such/folder/access.log");
    var error = assertThrows(SoleboxException.class, () -> Watching.nobody().withAccessLog(log));
    assertTrue(error.place().startsWith("--access-log "), error.place());
  }

  @Test
  void requestsAreAnsweredThoughTheLogIsFullAndItIsSaidOnce() throws Exception {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    var err = System.err;
    var said = new ByteArrayOutputStream();
    System.setErr(new java.io.PrintStream(said, true, StandardCharsets.UTF_8));
    try (TestServer server =
        new TestServer(
            ServerConfig.defaults().withWatching(Watching.nobody().withAccessLog(full)))) {
      assertEquals(200, server.get("/health").status());
      assertEquals(200, server.get("/health").status());
      while (said.toString(StandardCharsets.UTF_8).isEmpty()) {
        Thread.sleep(2);
      }
    } finally {
      System.setErr(err);
    }
    List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
    assertEquals(Set.of(lines.getFirst()), Set.copyOf(lines));
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("No space left"), lines::toString);
  }
}
