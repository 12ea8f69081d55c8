package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/vector_stores}. */
@Timeout(60)
class KnowledgeApiTest {
  private static final String ALL = "/v1/vector_stores";

  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    server.ready("vectors", EchoModel.pooling("gemma-embedding", Pooling.MEAN));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String upload(String name, String content) throws IOException {
    RawClient.Answer sent =
        FilesApiTest.upload(
            server, FilesApiTest.field("purpose", "assistants"), FilesApiTest.file(name, content));
    assertEquals(200, sent.status(), sent::text);
    return (String) sent.at("id");
  }

  private String store(String body) throws IOException {
    RawClient.Answer made = server.post(ALL, body);
    assertEquals(200, made.status(), made::text);
    return ALL + "/" + made.at("id");
  }

  private RawClient.Answer over(String path) throws IOException, InterruptedException {
    while (true) {
      RawClient.Answer answer = server.get(path);
      assertEquals(200, answer.status(), answer::text);
      if (!"in_progress".equals(answer.at("status"))) {
        return answer;
      }
      Thread.sleep(5);
    }
  }

  @Test
  void whatADocumentSaysIsFound() throws Exception {
    String file = upload("notes.md", "# Pumps\n\nThe pump starts at noon.\n\n# Fans\n\nNever.\n");
    String store = store("{\"name\":\"Manuals\",\"file_ids\":[\"%s\"]}".formatted(file));
    RawClient.Answer there = over(store);
    assertEquals("completed", there.at("status"), there::text);
    assertEquals(1L, there.at("file_counts.completed"));
    assertEquals("vectors", there.at("embedding_model"));
    RawClient.Answer found =
        server.post(store + "/search", "{\"query\":\"pump\",\"max_num_results\":2}");
    assertEquals(200, found.status(), found::text);
    assertEquals(2, ((List<?>) found.at("data")).size(), found::text);
    assertEquals(List.of("Pumps"), found.at("data.0.chunk.headings"), "by its words");
    assertEquals("notes.md", found.at("data.0.filename"));
    RawClient.Answer text = server.get(store + "/files/" + file + "/content");
    assertEquals(List.of("Pumps"), text.at("data.0.headings"), text::text);
    assertEquals(
        Map.of("max_chunk_size_tokens", 450L, "chunk_overlap_tokens", 60L),
        server.get(store + "/files/" + file).at("chunking_strategy.static"));
    assertTrue(((String) text.at("data.0.text")).contains("noon"));
  }

  private String filled() throws Exception {
    String file = upload("notes.md", "# Pumps\n\nThe pump starts at noon.\n");
    String store = store("{\"file_ids\":[\"%s\"]}".formatted(file));
    over(store);
    return store.substring(ALL.length() + 1);
  }

  private static String asking(String store, String question, String more) {
    return ("{\"model\":\"echo\",\"input\":\"%s\",\"tools\":[{\"type\":\"file_search\","
            + "\"vector_store_ids\":[\"%s\"]}],\"include\":[\"file_search_call.results\"]%s}")
        .formatted(question, store, more);
  }

  /** The model says what it is asked; whatever of it looks like a citation is one. */
  @Test
  void responsesCiteWhatWasFound() throws Exception {
    String store = filled();
    RawClient.Answer answer = server.post("/v1/responses", asking(store, "pump [1] and [2]", ""));
    assertEquals(200, answer.status(), answer::text);
    assertEquals("file_search_call", answer.at("output.0.type"), answer::text);
    assertEquals(List.of("pump [1] and [2]"), answer.at("output.0.queries"));
    assertEquals("notes.md", answer.at("output.0.results.0.filename"));
    assertEquals("pump [1] and [2]", answer.at("output.1.content.0.text"));
    assertEquals("file_citation", answer.at("output.1.content.0.annotations.0.type"));
    assertEquals(5L, answer.at("output.1.content.0.annotations.0.index"));
    assertEquals(1, ((List<?>) answer.at("output.1.content.0.annotations")).size());
    String prompt = server.model.tokenizer().decode(server.model.lastRequest().prompt(), true);
    assertTrue(prompt.contains("<source n=\"1\" document=\"notes.md\" heading=\"Pumps\">"), prompt);
    assertTrue(prompt.contains("The pump starts at noon."), prompt);
    String more = ",\"previous_response_id\":\"%s\"".formatted(answer.at("id"));
    RawClient.Answer next = server.post("/v1/responses", asking(store, "and fans", more));
    assertEquals("and fans", next.at("output.1.content.0.text"), next::text);
    String none = ",\"tool_choice\":\"none\"";
    RawClient.Answer unasked = server.post("/v1/responses", asking(store, "pump", none));
    assertEquals("message", unasked.at("output.0.type"), unasked::text);
    assertEquals(404, server.post("/v1/responses", asking("vs_none", "pump", "")).status());
  }

  @Test
  void streamsTellWhatIsSearchedFirst() throws Exception {
    String told =
        server.post("/v1/responses", asking(filled(), "see [1]", ",\"stream\":true")).text();
    int searching = told.indexOf("event: response.file_search_call.searching");
    int text = told.indexOf("event: response.output_text.delta");
    assertTrue(searching > 0 && text > searching, told);
    assertTrue(told.contains("event: response.output_text.annotation.added"), told);
  }

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  /** What an earlier process has left goes on, and what was kept is not made again. */
  @Test
  void theNextStartGoesOn() throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      text.append("Pump number ").append(i).append(" starts at noon and stops at night.\n\n");
    }
    String file = upload("long.txt", text.toString());
    String store = store("{\"file_ids\":[\"%s\"]}".formatted(file));
    while (!(server.get(store + "/files/" + file).at("progress.done") instanceof Long done)
        || done < 32) {
      if ("completed".equals(server.get(store).at("status"))) {
        break; // it was quicker than this
      }
    }
    server.close();
    start();
    RawClient.Answer over = over(store);
    assertEquals(1L, over.at("file_counts.completed"), over::text);
    assertEquals(over.at("chunks"), server.get(store + "/files/" + file).at("chunks"));
    Object read = server.get(store + "/files/" + file + "/content").at("data.0.text");
    assertEquals(words(text.toString()), words((String) read));
  }

  @Test
  void whatCannotBeReadSaysWhyAndBeginsAnewWhenItIsAddedAgain() throws Exception {
    String file = upload("broken.pdf", "%PDF-1.7 and nothing else");
    String store = store("{\"file_ids\":[\"%s\"]}".formatted(file));
    over(store);
    RawClient.Answer failed = server.get(store + "/files/" + file);
    assertEquals("failed", failed.at("status"), failed::text);
    assertEquals("invalid_file", failed.at("last_error.code"));
    assertEquals(1L, server.get(store).at("file_counts.failed"));
    RawClient.Answer again = server.post(store + "/files", "{\"file_id\":\"%s\"}".formatted(file));
    assertEquals("in_progress", again.at("status"), again::text);
    assertEquals(200, server.call("DELETE", store + "/files/" + file, "").status());
    assertEquals(404, server.get(store + "/files/" + file).status());
    assertEquals(0L, server.get(store).at("file_counts.total"));
  }

  @Test
  void deletedFilesAreFoundNoMore() throws Exception {
    String store = ALL + "/" + filled();
    String query = "{\"query\":\"pump\"}";
    RawClient.Answer found = server.post(store + "/search", query);
    String file = (String) found.at("data.0.file_id");
    assertEquals(200, server.call("DELETE", "/v1/files/" + file, "").status());
    assertEquals(List.of(), server.post(store + "/search", query).at("data"));
    assertEquals(0L, server.get(store).at("file_counts.total"));
  }

  /** It counts letters x. */
  @Test
  void aRerankerHasTheLastWord() throws Exception {
    server.ready("judge", EchoModel.pooling("bert", Pooling.RANK));
    String file = upload("notes.md", "# Pumps\n\npump pump pump\n\n# Box\n\nxxx\n");
    String store = store("{\"embedding_model\":\"vectors\",\"file_ids\":[\"%s\"]}".formatted(file));
    over(store);
    String query = "{\"query\":\"pump\",\"max_num_results\":1%s}";
    RawClient.Answer plain = server.post(store + "/search", query.formatted(""));
    assertEquals(List.of("Pumps"), plain.at("data.0.chunk.headings"), plain::text);
    String ranker = ",\"ranking_options\":{\"ranker\":\"judge\"}";
    RawClient.Answer read = server.post(store + "/search", query.formatted(ranker));
    assertEquals(List.of("Box"), read.at("data.0.chunk.headings"), read::text);
    String echo = ",\"ranking_options\":{\"ranker\":\"echo\"}";
    assertEquals(400, server.post(store + "/search", query.formatted(echo)).status());
  }

  /** Its end is looked up, whatever the index and the model of vectors take. */
  @Test
  void aLongMessageIsLookedUpByItsEnd() throws Exception {
    String store = filled();
    for (String filler : List.of("aa bb ", "泵在中午启动", "ab12cd34")) {
      String text = filler.repeat(1200 / filler.getBytes(StandardCharsets.UTF_8).length) + " pump";
      RawClient.Answer answer = server.post("/v1/responses", asking(store, text, ""));
      assertEquals(200, answer.status(), answer::text);
      assertEquals("notes.md", answer.at("output.0.results.0.filename"), answer::text);
    }
  }

  /** Whatever was on its way then, all pieces are cut as it was asked for last. */
  @Test
  void whatIsToBeCutOtherwiseBeginsAnew() throws Exception {
    String text = "The pump starts at noon.\n\n".repeat(400);
    String file = upload("long.txt", text);
    String store = store("{}");
    String path = store + "/files/" + file;
    String wish =
        "{\"file_id\":\""
            + file
            + "\",\"chunking_strategy\":{\"type\":\"static\","
            + "\"static\":{\"max_chunk_size_tokens\":%d,\"chunk_overlap_tokens\":0}}}";
    for (int size : new int[] {200, 400, 100}) {
      RawClient.Answer added = server.post(store + "/files", wish.formatted(size));
      assertEquals("in_progress", added.at("status"), added::text);
      String strategy = "chunking_strategy.static.max_chunk_size_tokens";
      assertEquals((long) size, server.get(path).at(strategy));
    }
    RawClient.Answer over = over(path);
    assertEquals("completed", over.at("status"), over::text);
    assertTrue((long) over.at("chunks") > text.length() / 100, over::text);
    Object read = server.get(path + "/content").at("data.0.text");
    assertEquals(words(text), words((String) read));
  }

  /** Nothing is asked, so nothing is looked up, and no model is told that nothing was found. */
  @Test
  void withoutAQuestionNothingIsLookedUp() throws Exception {
    ChatClient page = new ChatClient(server);
    String chat = page.chat("settings", ChatClient.of("knowledge", List.of(filled())));
    List<Object> attached = List.of(ChatClient.of("name", "a.txt", "text", "what it says"));
    Map<String, Object> answer =
        page.end(
            chat, page.post(chat + "/turns", "text", "", "model", "echo", "attachments", attached));
    assertEquals("done", answer.get("state"), answer::toString);
    assertTrue(!answer.containsKey("sources"), answer::toString);
  }

  @Test
  void anotherModelOfTheSameNameIsNotAsked() throws Exception {
    String path = ALL + "/" + filled() + "/search";
    String query = "{\"query\":\"pump\"}";
    assertEquals(200, server.post(path, query).status());
    server.close();
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    server.ready("vectors", EchoModel.pooling("bert", Pooling.MEAN));
    RawClient.Answer refused = server.post(path, query);
    assertEquals(409, refused.status(), refused::text);
    assertEquals("embedding_model_changed", refused.at("error.code"));
    assertTrue(refused.text().contains("'notes.md'"), refused::text);
  }
}
