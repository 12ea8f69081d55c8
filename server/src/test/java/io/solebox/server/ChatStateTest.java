package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.seal.Passphrase;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of chats when servers end, time passes and people leave. */
@Timeout(60)
class ChatStateTest {
  private static final String KEY = "Authorization: Bearer " + "a".repeat(32);

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void name() {
    state = folder.resolve("server.db");
  }

  private TestServer start() {
    return new TestServer(ServerConfig.defaults().withStateFile(state));
  }

  private void change(String statement, Object... values) {
    try (Database database = ServerTables.open(state)) {
      assertEquals(1, database.<Integer>transaction(sql -> sql.update(statement, values)));
    }
  }

  private static void awaitText(ChatClient page, String chat) throws IOException {
    while (((String) page.messages(chat).getLast().get("text")).isEmpty()) {
      // nothing is said yet
    }
  }

  @Test
  void theEndOfTheServerIsToldAndWhatWasSaidIsKept() throws IOException {
    String chat;
    try (TestServer server = start()) {
      server.model.pace(0, 10);
      ChatClient page = new ChatClient(server);
      chat = page.chat();
      page.say(chat, "!forever");
      awaitText(page, chat);
    }
    try (TestServer server = start()) {
      Map<String, Object> answer = new ChatClient(server).messages(chat).getLast();
      assertEquals("failed", answer.get("state"));
      assertEquals("server_ended", RawClient.at(answer, "error.code"));
      assertFalse(((String) answer.get("text")).isEmpty());
      assertEquals(List.of(), new ChatClient(server).get("/chats/running").at("running"));
    }
  }

  /** As a process that is killed leaves it. */
  @Test
  void whatStillRanInTheFileHasFailed() throws IOException {
    String chat;
    Object id;
    try (TestServer server = start()) {
      ChatClient page = new ChatClient(server);
      chat = page.chat();
      id = page.answer(chat, null, "hello").get("id");
    }
    change("UPDATE chat_message SET state = 'running' WHERE id = ?", id);
    try (TestServer server = start()) {
      ChatClient page = new ChatClient(server);
      Map<String, Object> answer = page.messages(chat).getLast();
      assertEquals("failed", answer.get("state"));
      assertEquals("hello", answer.get("text"));
      RawClient.Answer again = page.post(chat + "/messages/" + id + "/continue", "text", "hello");
      assertEquals(202, again.status(), again::text);
      page.end(chat, again);
    }
  }

  @Test
  void aDamagedOneThatStillRanKeepsNoServerFromStarting() throws IOException {
    String chat;
    Object id;
    try (TestServer server = start()) {
      ChatClient page = new ChatClient(server);
      chat = page.chat();
      id = page.answer(chat, null, "hello").get("id");
    }
    change("UPDATE chat_message SET state = 'running', body = x'00' WHERE id = ?", id);
    try (TestServer server = start()) {
      RawClient.Answer damaged = new ChatClient(server).get(chat);
      assertEquals(500, damaged.status());
      assertEquals("io_error", damaged.at("error.code"), damaged::text);
    }
  }

  @Test
  void theFileTellsNothingOfWhatWasSaid() throws IOException {
    try (TestServer server = start()) {
      ChatClient page = new ChatClient(server);
      String chat = page.chat("folder", "hushfolder", "tags", List.of("hushtag"));
      page.answer(chat, null, "hushword");
      page.post("/prompts", "name", "hushname", "text", "hushtext");
    }
    String all = "";
    for (String file : List.of("server.db", "server.db-wal")) {
      if (Files.exists(folder.resolve(file))) {
        all += Files.readString(folder.resolve(file), StandardCharsets.ISO_8859_1);
      }
    }
    assertTrue(all.contains("chat_message"));
    assertFalse(all.contains("hush"), "nothing of it is in the clear");
  }

  @Test
  void whatNobodyChangedForLongGoes() throws Exception {
    String old;
    String young;
    try (TestServer server = start()) {
      ChatClient page = new ChatClient(server);
      old = page.chat("folder", "Work");
      page.answer(old, null, "hello");
      young = page.chat();
    }
    long then = Instant.now().minus(Duration.ofDays(40)).toEpochMilli();
    change("UPDATE chat SET updated = ? WHERE id = ?", then, old.substring("/chats/".length()));
    try (TestServer server =
        new TestServer(
            ServerConfig.defaults().withStateFile(state).withKeep(Duration.ofDays(30)))) {
      ChatClient page = new ChatClient(server);
      while (page.get(old).status() == 200) {
        Thread.sleep(10);
      }
      assertEquals(200, page.get(young).status());
      assertEquals(List.of(), page.get("/chats/folders").at("folders"));
    }
  }

  @Test
  void whatIsSomebodysIsTakenOutAndDeleted() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "a".repeat(32) + " name=ann\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer server =
            new TestServer(ServerConfig.defaults().withStateFile(state).withApiKeyFile(keys));
        State opened = State.open(state, Passphrase.NONE)) {
      ChatClient page = new ChatClient(server, KEY);
      page.post("/preferences", "titles", false);
      String chat = page.chat("title", "Mine", "folder", "F");
      page.answer(chat, null, "hello");
      String prompt = "/prompts/" + page.post("/prompts", "name", "n", "text", "t").at("id");
      Set<String> names = exported(opened, "ann");
      assertTrue(names.contains("page-" + chat.substring(1) + ".json"), names::toString);
      assertEquals(3, names.size(), names::toString); // and the preferences
      assertEquals(Set.of(), exported(opened, "ben"));
      opened.belongings().delete("ann");
      assertEquals(Set.of(), exported(opened, "ann"));
      assertEquals(404, page.get(chat).status());
      assertEquals(404, page.get(prompt).status());
      assertEquals(List.of(), page.get("/chats/search?q=hello").at("hits"));
    }
  }

  private static Set<String> exported(State opened, String owner) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    opened.belongings().export(owner, out);
    Set<String> names = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
