package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/batches}. */
@Timeout(90)
class BatchesApiTest {
  private static final String CHAT = "/v1/chat/completions";

  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String line(String id, String text) {
    return "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}\n"
        .formatted(id, CHAT, TestServer.chat(text, ""));
  }

  private Object send(String content) throws IOException {
    return FilesApiTest.upload(
            server, FilesApiTest.field("purpose", "batch"), FilesApiTest.file("in", content))
        .at("id");
  }

  private RawClient.Answer create(Object file, String endpoint) throws IOException {
    return server.post(
        "/v1/batches",
        "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"completion_window\":\"24h\"}"
            .formatted(file, endpoint));
  }

  @Test
  void vectorsInBulk() throws Exception {
    EchoModel model = EchoModel.pooling("bert", Pooling.MEAN);
    server.ready("vectors", model);
    String line =
        "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{\"model\":\"%s\",\"input\":[\"ab\",\"c\"]}}\n";
    Object file = send(line.formatted("a", "vectors") + line.formatted("b", "echo"));
    Object id = create(file, "/v1/embeddings").at("id");
    RawClient.Answer done = await(id, "completed");
    assertEquals(1L, done.at("request_counts.completed"));
    assertEquals(1L, done.at("request_counts.failed"));
    RawClient.Answer answers = server.get("/v1/files/" + done.at("output_file_id") + "/content");
    assertEquals("a", answers.at("custom_id"));
    assertEquals(1L, answers.at("response.body.data.1.index"));
    assertEquals(List.of(new Requester("", Priority.BACKGROUND)), model.requesters());
  }

  @Test
  void outputCanHaveATime() throws Exception {
    Object file = send(line("a", "hello"));
    String order = "{\"input_file_id\":\"%s\",\"endpoint\":\"%s\",\"output_expires_after\":%s}";
    String time = "{\"anchor\":\"created_at\",\"seconds\":%s}";
    Object id =
        server.post("/v1/batches", order.formatted(file, CHAT, time.formatted("3600"))).at("id");
    RawClient.Answer output =
        server.get("/v1/files/" + await(id, "completed").at("output_file_id"));
    assertEquals((long) output.at("created_at") + 3600, (long) output.at("expires_at"));
    RawClient.Answer bad =
        server.post("/v1/batches", order.formatted(file, CHAT, time.formatted("5")));
    assertEquals(400, bad.status());
    assertEquals("output_expires_after.seconds", bad.at("error.param"));
    assertEquals(
        "output_expires_after.seconds",
        server.post("/v1/batches", order.formatted(file, CHAT, "{}")).at("error.param"));
  }

  private RawClient.Answer await(Object id, String... statuses) throws Exception {
    List<String> wanted = List.of(statuses);
    RawClient.Answer now = server.get("/v1/batches/" + id);
    for (int i = 0; i < 400 && !wanted.contains(now.at("status")); i++) {
      Thread.sleep(50);
      now = server.get("/v1/batches/" + id);
    }
    assertTrue(wanted.contains(now.at("status")), now::text);
    return now;
  }

  private List<Map<String, Object>> lines(Object file) throws IOException {
    JsonReader reader = new JsonReader(JsonLimits.LOCAL);
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : server.get("/v1/files/" + file + "/content").text().split("\n")) {
      lines.add(reader.readObject(line.getBytes(StandardCharsets.UTF_8)));
    }
    return lines;
  }

  @Test
  void allLinesAreAnsweredInTheirOrder() throws Exception {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      input.append(line("r" + i, "hello " + i));
    }
    Object id = create(send(input.toString()), CHAT).at("id");
    RawClient.Answer done = await(id, "completed");
    assertEquals(30L, done.at("request_counts.completed"));
    assertEquals(0L, done.at("request_counts.failed"));
    assertNull(done.at("error_file_id"));
    List<Map<String, Object>> lines = lines(done.at("output_file_id"));
    for (int i = 0; i < 30; i++) {
      assertEquals("r" + i, lines.get(i).get("custom_id"));
      assertEquals(
          "hello " + i, RawClient.at(lines.get(i), "response.body.choices.0.message.content"));
    }
    assertEquals(id, server.get("/v1/batches").at("data.0.id"));
  }

  @Test
  void whatFailsIsInAFileOfItsOwn() throws Exception {
    String bad =
        "{\"custom_id\":\"bad\",\"method\":\"POST\",\"url\":\"%s\",\"body\":{\"model\":\"none\",\"messages\":[]}}\n"
            .formatted(CHAT);
    Object id = create(send(line("good", "hello") + bad + line("fail", "!fail")), CHAT).at("id");
    RawClient.Answer done = await(id, "completed");
    assertEquals(1L, done.at("request_counts.completed"));
    assertEquals(2L, done.at("request_counts.failed"));
    List<Map<String, Object>> errors = lines(done.at("error_file_id"));
    assertEquals("bad", errors.get(0).get("custom_id"));
    assertEquals(404L, RawClient.at(errors.get(0), "response.status_code"));
    assertEquals("model", RawClient.at(errors.get(0), "response.body.error.param"));
    assertEquals("fail", errors.get(1).get("custom_id"));
    assertEquals(500L, RawClient.at(errors.get(1), "response.status_code"));
  }

  @Test
  void otherEndpoints() throws Exception {
    String line =
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"echo\",\"input\":\"hi\"}}";
    RawClient.Answer done =
        await(create(send(line), "/v1/responses").at("id"), "completed", "failed");
    assertEquals(
        "hi",
        RawClient.at(
            lines(done.at("output_file_id")).getFirst(), "response.body.output.0.content.0.text"));
  }

  @Test
  void aFileThatIsNoneIsRefusedWithItsLines() throws Exception {
    String input = line("a", "x") + "\n" + line("a", "y") + "nonsense\n{\"custom_id\":\"c\"}\n";
    RawClient.Answer failed = await(create(send(input), CHAT).at("id"), "failed");
    assertEquals("duplicate_custom_id", failed.at("errors.data.0.code"));
    assertEquals(3L, failed.at("errors.data.0.line"));
    assertEquals("invalid_json_line", failed.at("errors.data.1.code"));
    assertEquals(4L, failed.at("errors.data.1.line"));
    assertEquals("mismatched_url", failed.at("errors.data.2.code"));
  }

  @Test
  void oneThatIsCancelledKeepsItsAnswers() throws Exception {
    server.model.pace(0, 5);
    StringBuilder input = new StringBuilder(line("first", "x"));
    for (int i = 0; i < 20; i++) {
      input.append(line("r" + i, "!forever"));
    }
    Object id = create(send(input.toString()), CHAT).at("id");
    for (int i = 0; i < 200; i++) {
      if ((Long) server.get("/v1/batches/" + id).at("request_counts.completed") > 0) {
        break;
      }
      Thread.sleep(20);
    }
    assertEquals("cancelling", server.post("/v1/batches/" + id + "/cancel", "{}").at("status"));
    RawClient.Answer cancelled = await(id, "cancelled");
    assertEquals("first", lines(cancelled.at("output_file_id")).getFirst().get("custom_id"));
    assertEquals(409, server.post("/v1/batches/" + id + "/cancel", "{}").status());
  }

  @Test
  void oneIsCancelledBehindOneThatNeverEnds() throws Exception {
    server.model.pace(0, 1000);
    Object first = create(send(line("a", "!forever")), CHAT).at("id");
    await(first, "in_progress");
    Object second = create(send(line("b", "x")), CHAT).at("id");
    server.post("/v1/batches/" + second + "/cancel", "{}");
    await(second, "cancelled");
    assertEquals("in_progress", server.get("/v1/batches/" + first).at("status"));
    server.post("/v1/batches/" + first + "/cancel", "{}");
    await(first, "cancelled");
  }

  /** All places are taken by lines that would never end. */
  @Test
  void oneIsCancelledWhileAllItsLinesRun() throws Exception {
    server.model.pace(0, 1000);
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      input.append(line("r" + i, "!forever"));
    }
    Object id = create(send(input.toString()), CHAT).at("id");
    await(id, "in_progress");
    server.post("/v1/batches/" + id + "/cancel", "{}");
    RawClient.Answer cancelled = await(id, "cancelled");
    assertEquals(0L, cancelled.at("request_counts.completed"));
    assertNull(cancelled.at("output_file_id"));
  }

  @Test
  void whatIsAnsweredStaysWhenTheInputGoes() throws Exception {
    server.model.pace(0, 30);
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      input.append(line("r" + i, i == 0 ? "x" : "some words to say " + i));
    }
    Object file = send(input.toString());
    Object id = create(file, CHAT).at("id");
    for (int i = 0; i < 200; i++) {
      if ((Long) server.get("/v1/batches/" + id).at("request_counts.completed") > 0) {
        break;
      }
      Thread.sleep(10);
    }
    server.close();
    Files.delete(folder.resolve("files").resolve(file + ".sealed"));
    start();
    RawClient.Answer failed = await(id, "failed");
    assertEquals("file_not_found", failed.at("errors.data.0.code"));
    assertEquals("r0", lines(failed.at("output_file_id")).getFirst().get("custom_id"));
  }

  @Test
  void aRestartGoesOnWhereItWas() throws Exception {
    server.model.pace(0, 5);
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      input.append(line("r" + i, "some words to say " + i));
    }
    Object id = create(send(input.toString()), CHAT).at("id");
    for (int i = 0; i < 200; i++) {
      if ((Long) server.get("/v1/batches/" + id).at("request_counts.completed") > 0) {
        break;
      }
      Thread.sleep(10);
    }
    server.close();
    start();
    RawClient.Answer done = await(id, "completed");
    assertEquals(12L, done.at("request_counts.completed"));
    assertEquals(12, lines(done.at("output_file_id")).size());
  }

  @Test
  void mistakesNameTheirPlace() throws Exception {
    Object file = send(line("a", "x"));
    assertEquals("input_file_id", create("file-none", CHAT).at("error.param"));
    assertEquals("endpoint", create(file, "/v1/models").at("error.param"));
    assertEquals(404, server.get("/v1/batches/batch_none").status());
    Object other =
        FilesApiTest.upload(
                server, FilesApiTest.field("purpose", "user_data"), FilesApiTest.file("in", "x"))
            .at("id");
    assertEquals("input_file_id", create(other, CHAT).at("error.param"));
  }
}
