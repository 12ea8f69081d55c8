package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers and administrators are told of usage is what answers said of themselves. */
@Timeout(60)
class UsageApiTest {
  private static final String ANN = "0123456789abcdef-ann";
  private static final String BOB = "0123456789abcdef-bob";

  @TempDir private Path folder;

  private TestServer server(String ann) throws IOException {
    Path keys =
        Files.write(folder.resolve("keys"), List.of(ANN + " name=ann " + ann, BOB + " name=bob"));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    return new TestServer(
        ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withApiKeyFile(keys));
  }

  private static String bearer(String key) {
    return "Authorization: Bearer " + key;
  }

  private static RawClient.Answer chat(TestServer server, String key, String text, String more)
      throws IOException {
    return server.post("/v1/chat/completions", TestServer.chat(text, more), bearer(key));
  }

  @SuppressWarnings("unchecked") // JSON
  private static List<Map<String, Object>> data(RawClient.Answer answer) {
    assertEquals(200, answer.status(), answer::text);
    return (List<Map<String, Object>>) answer.at("data");
  }

  @Test
  void theSumOfChargesIsTheSumOfWhatAnswersSay() throws IOException {
    try (TestServer server = server("admin")) {
      long prompt = 0;
      long generated = 0;
      for (String more : List.of("", ",\"n\":3", ",\"max_tokens\":2", "")) {
        RawClient.Answer answer = chat(server, BOB, "hello again", more);
        prompt += (long) answer.at("usage.prompt_tokens");
        generated += (long) answer.at("usage.completion_tokens");
      }
      RawClient.Answer none =
          server.post("/v1/chat/completions", "{\"model\":\"echo\"}", bearer(BOB));
      assertEquals(400, none.status());
      RawClient.Answer own = server.get("/v1/usage?by=model", bearer(BOB));
      Map<String, Object> row = data(own).getFirst();
      assertEquals("echo", row.get("model"));
      assertEquals(4L, row.get("requests"));
      assertEquals(prompt, row.get("prompt_tokens"));
      assertEquals(generated, row.get("generated_tokens"));
      assertEquals(List.of(), data(server.get("/v1/usage", bearer(ANN))));
      Map<String, Object> all =
          data(server.get("/admin/usage?by=user,key,day", bearer(ANN))).getFirst();
      assertEquals("bob", all.get("user"));
      assertEquals(prompt, all.get("prompt_tokens"));
      assertEquals(403, server.get("/admin/usage", bearer(BOB)).status());
      assertEquals(400, server.get("/v1/usage?by=weather", bearer(BOB)).status());
      assertEquals(400, server.get("/v1/usage?by=day,day", bearer(BOB)).status());
      assertEquals(400, server.get("/v1/usage?since=monday", bearer(BOB)).status());
      assertEquals(List.of(), data(server.get("/v1/usage?since=2999-01-01", bearer(BOB))));
    }
  }

  @Test
  void limitsOfTheDayOutliveTheServerAndSayWhoseTheyAre() throws IOException {
    try (TestServer server = server("gpd=3")) {
      assertEquals(200, chat(server, ANN, "a long text", "").status());
    }
    try (TestServer server = server("gpd=3")) {
      RawClient.Answer refused = chat(server, ANN, "hi", "");
      assertEquals(429, refused.status());
      assertEquals("generated_tokens_per_day", refused.at("error.limit"));
      assertEquals("key", refused.at("error.whose"));
      assertEquals("tokens", refused.at("error.type"));
      assertTrue(refused.text().contains("3 generated tokens a day of your key"), refused::text);
      assertTrue(Integer.parseInt(refused.header("Retry-After")) > 60);
      Map<?, ?> line =
          (Map<?, ?>) ((List<?>) server.get("/v1/usage", bearer(ANN)).at("limits")).getFirst();
      assertEquals("generated_tokens_per_day", line.get("limit"));
      assertEquals(0L, line.get("left"));
      assertEquals(200, chat(server, BOB, "hi", "").status());
    }
  }

  @Test
  void whoeverLeavesIsChargedForWhatWasMade() throws IOException, InterruptedException {
    try (TestServer server = server("")) {
      server.model.pace(0, 1);
      try (RawClient client = server.client()) {
        client.post(
            "/v1/chat/completions",
            TestServer.chat("!forever", ",\"stream\":true,\"max_tokens\":1000"),
            bearer(ANN));
        client.receiveHead();
        for (int events = 0; events < 15; ) {
          events += client.line().startsWith("data: ") ? 1 : 0;
        }
      }
      while (server.model.running() > 0) {
        Thread.sleep(5);
      }
      Map<String, Object> row = data(server.get("/v1/usage", bearer(ANN))).getFirst();
      assertEquals(1L, row.get("requests"));
      assertTrue((long) row.get("generated_tokens") >= 10, row::toString);
    }
  }

  @Test
  void aServerThatKeepsNothingSaysSo() throws IOException {
    try (TestServer server = new TestServer()) {
      assertEquals(400, server.get("/v1/usage").status());
    }
  }

  @Test
  void metricsNameUsersOnlyWhereSomebodyAsksForIt() throws IOException {
    ServerConfig config = ServerConfig.defaults().withStateFile(folder.resolve("server.db"));
    try (TestServer server = new TestServer(config)) {
      assertEquals(200, server.postChat("hi", "").status());
      String page = server.get("/metrics").text();
      assertTrue(
          page.contains("solebox_usage_requests_total{model=\"echo\",group=\"\"} 1\n"), page);
    }
    Watching named = Watching.nobody().withUsersInMetrics();
    try (TestServer server = new TestServer(config.withWatching(named))) {
      assertEquals(200, server.postChat("hi", "").status());
      assertTrue(server.get("/metrics").text().contains("group=\"\",user=\"\"} 1\n"));
    }
  }
}
