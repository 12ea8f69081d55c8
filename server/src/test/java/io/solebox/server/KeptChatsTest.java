package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chat completions with {@code store}. */
@Timeout(60)
class KeptChatsTest {
  private static final String ALL = "/v1/chat/completions";
  private static final String STORE = ",\"store\":true,\"metadata\":{\"topic\":\"tea\"}";

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

  @Test
  void oneIsKeptUntilItIsDeleted() throws IOException {
    RawClient.Answer answer = server.postChat("hello", STORE);
    String one = ALL + "/" + answer.at("id");
    server.close();
    start();
    RawClient.Answer kept = server.get(one);
    assertEquals("hello", kept.at("choices.0.message.content"));
    assertEquals("tea", kept.at("metadata.topic"));
    assertEquals(answer.at("usage.total_tokens"), kept.at("usage.total_tokens"));
    assertEquals("hello", server.get(one + "/messages").at("data.0.content"));
    assertEquals(answer.at("id"), server.get(ALL + "?model=echo").at("data.0.id"));
    assertEquals(List.of(), server.get(ALL + "?model=other").at("data"));
    assertEquals(
        "coffee", server.post(one, "{\"metadata\":{\"topic\":\"coffee\"}}").at("metadata.topic"));
    assertEquals("metadata", server.post(one, "{}").at("error.param"));
    assertEquals(true, server.call("DELETE", one, "").at("deleted"));
    assertEquals(404, server.get(one).status());
    assertEquals(404, server.get(one + "/messages").status());
  }

  @Test
  void aStreamIsKeptWhole() throws IOException {
    server.postChat("hello", STORE + ",\"stream\":true,\"n\":2");
    RawClient.Answer kept = server.get(ALL);
    assertEquals("hello", kept.at("data.0.choices.1.message.content"));
    assertEquals("chat.completion", kept.at("data.0.object"));
  }

  @Test
  void othersAreNotKept() throws IOException {
    Object id = server.postChat("hello", "").at("id");
    assertEquals(404, server.get(ALL + "/" + id).status());
    server.postChat("!fail", STORE + ",\"stream\":true");
    assertEquals(List.of(), server.get(ALL).at("data"));
  }

  @Test
  void withoutAStoreItIsRefused() throws IOException {
    server.close();
    server = new TestServer();
    assertEquals("store", server.postChat("hello", ",\"store\":true").at("error.param"));
    assertEquals(200, server.postChat("hello", ",\"store\":false").status());
    assertEquals(400, server.get(ALL).status());
  }
}
