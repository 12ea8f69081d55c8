package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.OldState;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept lies on the disk so that nobody can read it without the box's key. */
@Timeout(60)
class SealedStateTest {
  private static final String MARKER = "xyzzy-plugh";

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void name() {
    state = folder.resolve("server.db");
  }

  private TestServer start() {
    return new TestServer(ServerConfig.defaults().withStateFile(state));
  }

  private void assertNowhere(String marker) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertFalse(
            Files.readString(file, StandardCharsets.ISO_8859_1).contains(marker), file::toString);
      }
    }
  }

  private static String response(String more) {
    return "{\"model\":\"echo\",\"input\":\"%s\",\"instructions\":\"%1$s\"%s}"
        .formatted(MARKER, more);
  }

  private static void awaitOver(TestServer server, String path) throws Exception {
    while (!List.of("completed", "failed").contains(server.get(path).at("status"))) {
      Thread.sleep(10);
    }
    assertEquals("completed", server.get(path).at("status"), path);
  }

  @Test
  void noTextIsFoundOnTheDisk() throws Exception {
    try (TestServer server = start()) {
      String metadata = ",\"metadata\":{\"note\":\"%s\"}".formatted(MARKER);
      Object response = server.post("/v1/responses", response(metadata)).at("id");
      server.post("/v1/responses", response(",\"background\":true,\"stream\":true"));
      server.postChat(MARKER, ",\"store\":true" + metadata);
      server.post(
          "/v1/conversations",
          ("{\"metadata\":{\"topic\":\"%s\"},\"items\":[{\"role\":\"user\",\"content\":\"%1$s\"}]}")
              .formatted(MARKER));
      String line =
          "{\"custom_id\":\"%s\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":%s}\n"
              .formatted(MARKER, response(""));
      Object file =
          FilesApiTest.upload(
                  server,
                  FilesApiTest.field("purpose", "batch"),
                  FilesApiTest.file(MARKER + ".jsonl", line))
              .at("id");
      Object batch =
          server
              .post(
                  "/v1/batches",
                  "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/responses\",%s,%s}"
                      .formatted(file, "\"completion_window\":\"24h\"", metadata.substring(1)))
              .at("id");
      awaitOver(server, "/v1/batches/" + batch);
      assertNowhere(MARKER);
      Object output = server.get("/v1/batches/" + batch).at("output_file_id");
      assertTrue(server.get("/v1/files/" + output + "/content").text().contains(MARKER));
      assertTrue(server.get("/v1/responses/" + response).text().contains(MARKER));
    }
    assertNowhere(MARKER);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("box.key"))));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatEarlierVersionsKeptIsThereAndSealed(int version) throws Exception {
    OldState.make(state, version, 3);
    try (TestServer server = start()) {
      for (int i = 0; i < 3; i++) {
        RawClient.Answer response = server.get("/v1/responses/resp_" + i);
        assertEquals("rs_" + i, response.at("output.0.id"));
        assertEquals("msg_out" + i, response.at("output.1.id"));
        assertEquals(OldState.MARKER, response.at("output.1.text"));
        assertEquals(
            "msg_in" + i, server.get("/v1/responses/resp_" + i + "/input_items").at("data.0.id"));
        RawClient.Answer chat = server.get("/v1/chat/completions/chatcmpl-" + i);
        assertEquals(OldState.MARKER, chat.at("text"));
        assertEquals(OldState.MARKER, chat.at("metadata.note"));
        assertEquals(
            OldState.MARKER, server.get("/v1/conversations/conv_" + i).at("metadata.topic"));
        assertEquals(
            OldState.MARKER,
            server.get("/v1/conversations/conv_" + i + "/items").at("data.0.text"));
        assertEquals(OldState.FILE_TEXT, server.get("/v1/files/file-" + i + "/content").text());
        assertEquals(OldState.MARKER + ".jsonl", server.get("/v1/files/file-" + i).at("filename"));
        assertEquals(OldState.MARKER, server.get("/v1/batches/batch_" + i).at("metadata.note"));
        if (version >= 3) {
          String events = server.get("/v1/responses/resp_" + i + "?stream=true").text();
          assertTrue(events.contains(OldState.MARKER), events);
        }
      }
      assertNowhere(OldState.MARKER);
    }
    try (Database database = ServerTables.open(state)) {
      assertEquals(
          List.of(3, 3, 3, 3, 9, 3, 3, 3),
          database.read(
              sql ->
                  Stream.of(
                          "chat_completion",
                          "conversation",
                          "conversation_item",
                          "response",
                          "response_item",
                          "file",
                          "batch",
                          "batch_line")
                      .map(table -> count(sql, table))
                      .toList()));
    }
  }

  private static int count(io.solebox.storage.Sql sql, String table) {
    try {
      return sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM " + table).orElseThrow();
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTextThatWasMovedIsNotTakenForAnother() throws Exception {
    Object one;
    Object other;
    try (TestServer server = start()) {
      one = server.post("/v1/responses", response("")).at("id");
      other = server.post("/v1/responses", response("")).at("id");
    }
    try (Database database = ServerTables.open(state)) {
      database.transaction(
          sql ->
              sql.update(
                  "UPDATE response SET body = (SELECT body FROM response WHERE id = ?)"
                      + " WHERE id = ?",
                  other,
                  one));
    }
    try (TestServer server = start()) {
      assertEquals(500, server.get("/v1/responses/" + one).status());
      assertEquals(200, server.get("/v1/responses/" + other).status());
    }
  }

  @Test
  void withoutItsKeyNothingStartsAndNothingIsMade() throws Exception {
    try (TestServer server = start()) {
      server.post("/v1/responses", response(""));
    }
    Path key = folder.resolve("box.key");
    Path away = Files.move(key, folder.resolve("away"));
    SoleboxException e = assertThrows(SoleboxException.class, this::start);
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertEquals(key.toString(), e.place());
    assertTrue(Files.notExists(key));
    Files.move(away, key);
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(ErrorCode.ACCESS_DENIED, assertThrows(SoleboxException.class, this::start).code());
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    start().close();
  }

  @Test
  void twoServersMakeOneKeyAndReadEachOther() throws Exception {
    try (TestServer one = start();
        TestServer other = start()) {
      Object first = one.post("/v1/responses", response("")).at("id");
      Object second = other.post("/v1/responses", response("")).at("id");
      assertEquals(200, other.get("/v1/responses/" + first).status());
      assertEquals(200, one.get("/v1/responses/" + second).status());
    }
  }
}
