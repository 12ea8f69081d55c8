package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import java.io.IOException;
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
}
