package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.box.BoxKey;
import io.solebox.server.receipts.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys whose answers have receipts unless a request says otherwise. */
@Timeout(60)
class KeyReceiptsTest {
  private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";

  @TempDir private static Path folder;
  private static TestServer server;
  private static Visitor anna;
  private static String key;
  private static String plain;

  @BeforeAll
  static void start() throws IOException {
    server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withAccounts());
    server.model.madeOf(Files.writeString(folder.resolve("echo.gguf"), "weights"));
    server.ready("vectors", EchoModel.pooling("gemma-embedding", Pooling.MEAN));
    server.ready("nowhere", new EchoModel(true));
    anna = new Visitor(server);
    String code = server.server.setUpCode().orElseThrow().code();
    anna.post(
        "/auth/setup",
        "{\"code\":\"%s\",\"name\":\"anna\",\"password\":\"violet-otter-lamp\"}".formatted(code));
    key = key("{\"name\":\"signed\",\"receipt\":true}");
    plain = key("{\"name\":\"plain\"}");
  }

  private static String key(String wish) throws IOException {
    RawClient.Answer made = anna.post("/auth/keys", wish);
    assertEquals(200, made.status(), made::text);
    return (String) made.at("key");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer post(String path, String body, String... headers)
      throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = "Authorization: Bearer " + key;
    System.arraycopy(headers, 0, all, 1, headers.length);
    return server.post(path, body, all);
  }

  private static String body(String path, String more) {
    String what =
        switch (path) {
          case "/v1/completions", "/api/generate" -> "\"prompt\":\"hello\"";
          case "/v1/responses" -> "\"input\":\"hello\"";
          default -> HELLO;
        };
    String most = path.equals("/v1/messages") ? ",\"max_tokens\":50" : "";
    return "{\"model\":\"echo\"," + what + most + more + "}";
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/responses",
    "/v1/messages",
    "/api/chat",
    "/api/generate"
  })
  void everyAnswerOfItHasOneUnlessTheRequestSaysNo(String path) throws IOException {
    String whole = ",\"stream\":false";
    Object receipt = post(path, body(path, whole)).at("receipt");
    Receipt read = Receipt.read(new JsonWriter().bytes(receipt), "the answer");
    assertEquals(BoxKey.in(folder).fingerprint(), read.fingerprint());
    assertEquals(path, read.fields().text("path"));
    RawClient.Answer streamed = post(path, body(path, ",\"stream\":true"));
    assertTrue(streamed.text().contains("\"receipt\""), streamed::text);
    assertNull(post(path, body(path, whole + ",\"receipt\":false")).at("receipt"));
    assertNull(post(path, body(path, whole), "Solebox-Receipt: false").at("receipt"));
    String other = "Authorization: Bearer " + plain;
    assertNull(server.post(path, body(path, whole), other).at("receipt"));
    assertNotNull(server.post(path, body(path, whole + ",\"receipt\":true"), other).at("receipt"));
  }

  @Test
  void itOpensWhatHasNoReceipts() throws IOException {
    String text = "{\"model\":\"vectors\",\"input\":\"x\"}";
    assertEquals(200, post("/v1/embeddings", text).status());
    String prompt = "{\"model\":\"echo\",\"prompt\":\"x\"}";
    RawClient.Answer completion = post("/completion", prompt);
    assertEquals(200, completion.status(), completion::text);
    assertEquals(400, post("/completion", prompt, "Solebox-Receipt: true").status());
    assertEquals(200, post("/tokenize", "{\"model\":\"echo\",\"content\":\"x\"}").status());
  }

  /** What was promised for all answers is not left away for a model that nobody has a file of. */
  @Test
  void aModelThatCannotHaveOneIsRefusedUntilTheRequestSaysNo() throws IOException {
    String path = "/v1/completions";
    String nowhere = body(path, "").replace("\"echo\"", "\"nowhere\"");
    assertEquals(400, post(path, nowhere).status());
    assertEquals(200, post(path, nowhere, "Solebox-Receipt: false").status());
  }

  @Test
  void linesOfItsBatchesHaveThem() throws Exception {
    String line =
        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":%s}\n";
    String lines =
        line.formatted("signed", body("/v1/chat/completions", ""))
            + line.formatted("plain", body("/v1/chat/completions", ",\"receipt\":false"));
    Object file = post("/v1/files", FilesApiTest.form("batch", lines), FilesApiTest.FORM).at("id");
    String order =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\",\"completion_window\":\"24h\"}";
    Object id = post("/v1/batches", order.formatted(file)).at("id");
    RawClient.Answer now = anna.get("/v1/batches/" + id);
    while (!"completed".equals(now.at("status"))) {
      Thread.sleep(20);
      now = anna.get("/v1/batches/" + id);
    }
    String[] answers =
        anna.get("/v1/files/" + now.at("output_file_id") + "/content").text().split("\n");
    for (String answer : answers) {
      assertEquals(answer.contains("\"signed\""), answer.contains("solebox-receipt"), answer);
    }
    assertEquals(2, answers.length);
  }

  @Test
  void itIsToldOf() throws IOException {
    RawClient.Answer keys = anna.get("/auth/keys");
    for (String each : List.of("data.0.", "data.1.")) {
      assertEquals("signed".equals(keys.at(each + "name")), keys.at(each + "receipt"));
    }
    assertEquals(400, anna.post("/auth/keys", "{\"receipt\":\"yes\"}").status());
  }
}
