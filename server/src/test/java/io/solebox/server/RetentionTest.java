package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Faults;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept for long enough goes, and nothing that is still needed. */
@Timeout(60)
class RetentionTest {
  private static final long OLD = Instant.now().minus(Duration.ofDays(40)).getEpochSecond();

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void name() {
    state = folder.resolve("server.db");
  }

  private TestServer forever() {
    return new TestServer(ServerConfig.defaults().withStateFile(state));
  }

  private TestServer aMonth() {
    return new TestServer(
        ServerConfig.defaults().withStateFile(state).withKeep(Duration.ofDays(30)));
  }

  /** Makes a thing older than it is. */
  private void age(String table, String column, Object id) {
    try (Database database = ServerTables.open(state)) {
      String update = "UPDATE %s SET %s = ? WHERE id = ?".formatted(table, column);
      assertEquals(1, database.<Integer>transaction(sql -> sql.update(update, OLD, id)));
    }
  }

  private static void awaitGone(TestServer server, String path) throws Exception {
    for (int i = 0; i < 500 && server.get(path).status() == 200; i++) {
      Thread.sleep(10);
    }
    assertEquals(404, server.get(path).status(), path);
  }

  private static Object say(TestServer server, String more) throws IOException {
    return server
        .post("/v1/responses", "{\"model\":\"echo\",\"input\":\"hello\"%s}".formatted(more))
        .at("id");
  }

  @Test
  void whatIsOldGoesAndWhatIsYoungStays() throws Exception {
    Object oldResponse;
    Object youngResponse;
    Object oldChat;
    Object oldConversation;
    Object usedConversation;
    Object oldFile;
    try (TestServer server = forever()) {
      oldResponse = say(server, "");
      youngResponse = say(server, "");
      oldChat = server.postChat("hello", ",\"store\":true").at("id");
      oldConversation = server.post("/v1/conversations", "{}").at("id");
      usedConversation = server.post("/v1/conversations", "{}").at("id");
      oldFile =
          FilesApiTest.upload(
                  server, FilesApiTest.field("purpose", "batch"), FilesApiTest.file("a", "x"))
              .at("id");
    }
    age("response", "created", oldResponse);
    age("chat_completion", "created", oldChat);
    age("conversation", "used", oldConversation);
    age("conversation", "created", usedConversation);
    age("file", "created", oldFile);
    try (TestServer server = forever()) {
      assertEquals(200, server.get("/v1/responses/" + oldResponse).status());
      assertEquals(200, server.get("/v1/files/" + oldFile).status());
    }
    try (TestServer server = aMonth()) {
      awaitGone(server, "/v1/responses/" + oldResponse);
      awaitGone(server, "/v1/chat/completions/" + oldChat);
      awaitGone(server, "/v1/conversations/" + oldConversation);
      awaitGone(server, "/v1/files/" + oldFile);
      assertEquals(200, server.get("/v1/responses/" + youngResponse).status());
      assertEquals(200, server.get("/v1/conversations/" + usedConversation).status());
      try (Stream<Path> files = Files.list(folder.resolve("files"))) {
        assertEquals(List.of(), files.toList());
      }
    }
  }

  /** A chain that somebody goes on with stays whole; one that nobody does goes whole. */
  @Test
  void whatAYoungerOneGoesOnFromStays() throws Exception {
    Object first;
    Object second;
    Object lone;
    Object loneNext;
    try (TestServer server = forever()) {
      first = say(server, "");
      second = say(server, ",\"previous_response_id\":\"" + first + "\"");
      lone = say(server, "");
      loneNext = say(server, ",\"previous_response_id\":\"" + lone + "\"");
    }
    age("response", "created", first);
    age("response", "created", lone);
    age("response", "created", loneNext);
    try (TestServer server = aMonth()) {
      awaitGone(server, "/v1/responses/" + loneNext);
      awaitGone(server, "/v1/responses/" + lone);
      assertEquals(200, server.get("/v1/responses/" + first).status());
      Object next = say(server, ",\"previous_response_id\":\"" + second + "\"");
      assertEquals(200, server.get("/v1/responses/" + next).status());
    }
  }

  @Test
  void filesThatWereGivenATimeGoByThat() throws Exception {
    Object timed;
    Object past;
    try (TestServer server = forever()) {
      String seconds = FilesApiTest.field("expires_after[seconds]", "2592000");
      String anchor = FilesApiTest.field("expires_after[anchor]", "created_at");
      String purpose = FilesApiTest.field("purpose", "user_data");
      RawClient.Answer sent =
          FilesApiTest.upload(server, purpose, anchor, seconds, FilesApiTest.file("a", "x"));
      assertEquals(
          (long) sent.at("created_at") + 2_592_000, (long) sent.at("expires_at"), sent::text);
      timed = sent.at("id");
      past =
          FilesApiTest.upload(server, purpose, anchor, seconds, FilesApiTest.file("b", "y"))
              .at("id");
    }
    age("file", "created", timed);
    age("file", "expires", past);
    try (TestServer server = forever()) {
      Path gone = folder.resolve("files").resolve((String) past);
      for (int i = 0; i < 500 && Files.exists(gone); i++) {
        Thread.sleep(10); // nobody asks for it, and it goes all the same
      }
      assertTrue(Files.notExists(gone));
    }
    try (TestServer server = aMonth()) {
      Thread.sleep(200);
      assertEquals(200, server.get("/v1/files/" + timed).status());
    }
  }

  /** Trouble with one kind of things, or with one of them, keeps no others. */
  @Test
  void whatCannotGoKeepsNothingElse() throws Exception {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(log, true, StandardCharsets.UTF_8);
    CountDownLatch swept = new CountDownLatch(1);
    List<Expiry> expiries =
        List.of(
            (_, _) -> {
              throw trouble("all answers");
            },
            (_, troubles) -> {
              troubles.accept(trouble("one file"));
              return Map.of("files", 3);
            },
            (_, _) -> {
              swept.countDown();
              return Map.of("chats", 4);
            });
    try (Database database = ServerTables.open(state);
        Retention _ =
            new Retention(
                database.leadership(),
                expiries,
                Optional.empty(),
                Keeping.AS_THE_SERVER,
                Clock.systemUTC(),
                new Faults(print),
                print)) {
      swept.await();
    }
    String text = log.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("all answers"), text);
    assertTrue(text.contains("one file"), text);
    assertTrue(text.contains("chats 4, files 3"), text);
  }

  private static SoleboxException trouble(String place) {
    return new SoleboxException(ErrorCode.IO_ERROR, place, "The disk is gone.", "Find it.");
  }
}
