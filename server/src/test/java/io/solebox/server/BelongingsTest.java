package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.backup.Backup;
import io.solebox.server.backup.Restore;
import io.solebox.server.seal.BoxLock;
import io.solebox.server.seal.Passphrase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to somebody: taken out, deleted, backed up, restored. */
@Timeout(60)
class BelongingsTest {
  private static final String ANN = "ann";
  private static final String BEN = "ben";

  @TempDir private Path folder;
  private Path box;
  private Path state;
  private Path keyFile;

  @BeforeEach
  void name() throws IOException {
    box = folder.resolve("box");
    state = box.resolve("server.db");
    keyFile =
        Files.writeString(
            folder.resolve("keys"),
            "%s name=ann\n%s name=ben\n".formatted("a".repeat(32), "b".repeat(32)));
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
  }

  private TestServer start() {
    return new TestServer(ServerConfig.defaults().withStateFile(state).withApiKeyFile(keyFile));
  }

  private static String key(String name) {
    return "Authorization: Bearer " + name.substring(0, 1).repeat(32);
  }

  private static Object say(TestServer server, String who, String what) throws IOException {
    return server
        .post("/v1/responses", "{\"model\":\"echo\",\"input\":\"%s\"}".formatted(what), key(who))
        .at("id");
  }

  private static Object send(TestServer server, String who, String text) throws IOException {
    String form =
        FilesApiTest.field("purpose", "user_data")
            + FilesApiTest.file("notes.txt", text)
            + "--xyz--\r\n";
    return server.call("POST", "/v1/files", form, FilesApiTest.FORM, key(who)).at("id");
  }

  private Map<String, String> exported(String owner) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (State opened = State.open(state, Passphrase.NONE)) {
      opened.belongings().export(owner, out);
    }
    Map<String, String> all = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(out.toByteArray()))) {
      ZipEntry entry = zip.getNextEntry();
      while (entry != null) {
        all.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
        entry = zip.getNextEntry();
      }
    }
    return all;
  }

  @Test
  void allThatIsSomebodysIsTakenOut() throws IOException {
    try (TestServer server = start()) {
      Object response = say(server, ANN, "ann's own words");
      Object file = send(server, ANN, "ann's own notes");
      Object conversation =
          server
              .post(
                  "/v1/conversations",
                  "{\"items\":[{\"role\":\"user\",\"content\":\"ann's own question\"}]}",
                  key(ANN))
              .at("id");
      Object chat =
          server
              .post("/v1/chat/completions", TestServer.chat("hi", ",\"store\":true"), key(ANN))
              .at("id");
      say(server, BEN, "ben's own words");
      Map<String, String> all = exported(ANN);
      assertTrue(all.get("responses/" + response + ".json").contains("ann's own words"));
      assertTrue(all.get("conversations/" + conversation + ".json").contains("ann's own question"));
      assertTrue(all.containsKey("chats/" + chat + ".json"));
      assertTrue(all.get("files/" + file + ".json").contains("notes.txt"));
      assertEquals("ann's own notes", all.get("files/" + file));
      assertFalse(all.toString().contains("ben's"));
    }
  }

  @Test
  void whoIsDeletedIsGoneFromOldBackupsToo() throws IOException {
    Path backup = folder.resolve("backup");
    Object anns;
    Object bens;
    Object file;
    try (TestServer server = start()) {
      anns = say(server, ANN, "ann's own words");
      bens = say(server, BEN, "ben's own words");
      file = send(server, ANN, "ann's own notes");
      Backup.write(state, backup, Optional.empty(), Progress.none());
      try (State opened = State.open(state, Passphrase.NONE)) {
        opened.belongings().delete(ANN);
      }
      assertEquals(404, server.get("/v1/responses/" + anns, key(ANN)).status());
      assertEquals(404, server.get("/v1/files/" + file, key(ANN)).status());
      assertEquals(200, server.get("/v1/responses/" + bens, key(BEN)).status());
      assertTrue(
          server
                  .post("/v1/responses", "{\"model\":\"echo\",\"input\":\"again\"}", key(ANN))
                  .status()
              >= 400,
          "nothing more is kept for who was deleted");
      assertEquals(
          ErrorCode.IN_USE,
          assertThrows(SoleboxException.class, () -> Restore.run(backup, state, Optional.empty()))
              .code());
    }
    assertTrue(exported(ANN).isEmpty());
    try (Stream<Path> files = Files.list(box.resolve("files"))) {
      assertEquals(0, files.count());
    }
    Restore.Report report = Restore.run(backup, state, Optional.empty());
    assertEquals(Set.of(ANN), report.left());
    try (TestServer server = start()) {
      assertEquals(404, server.get("/v1/responses/" + anns, key(ANN)).status());
      assertEquals(200, server.get("/v1/responses/" + bens, key(BEN)).status());
    }
    assertTrue(exported(ANN).isEmpty());
  }

  @Test
  void aBackupGoesToAnotherMachineWithItsKeysAlone() throws IOException {
    Path backup = folder.resolve("backup");
    Path keys = folder.resolve("keys-of-box");
    Object response;
    Object file;
    try (TestServer server = start()) {
      response = say(server, ANN, "ann's own words");
      file = send(server, ANN, "ann's own notes");
      Backup.Report report = Backup.write(state, backup, Optional.of(keys), Progress.none());
      assertEquals(1, report.files());
      say(server, ANN, "after the backup");
    }
    box = folder.resolve("another");
    state = box.resolve("server.db");
    assertEquals(
        ErrorCode.ACCESS_DENIED,
        assertThrows(SoleboxException.class, () -> Restore.run(backup, state, Optional.empty()))
            .code());
    assertTrue(Files.notExists(state));
    Restore.run(backup, state, Optional.of(keys));
    try (TestServer server = start()) {
      assertTrue(
          server.get("/v1/responses/" + response, key(ANN)).text().contains("ann's own words"));
      assertEquals(
          "ann's own notes", server.get("/v1/files/" + file + "/content", key(ANN)).text());
    }
  }

  @Test
  void aDamagedBackupChangesNothing() throws IOException {
    Path backup = folder.resolve("backup");
    Object response;
    try (TestServer server = start()) {
      response = say(server, ANN, "ann's own words");
      Backup.write(state, backup, Optional.empty(), Progress.none());
    }
    byte[] bytes = Files.readAllBytes(backup);
    for (int length : new int[] {0, 100, bytes.length / 2}) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
      assertThrows(SoleboxException.class, () -> Restore.run(cut, state, Optional.empty()));
    }
    try (TestServer server = start()) {
      assertEquals(200, server.get("/v1/responses/" + response, key(ANN)).status());
    }
    try (Stream<Path> left = Files.list(box)) {
      assertEquals(
          0, left.filter(path -> path.toString().contains("restor")).count(), "nothing is left");
    }
  }

  private static Passphrase passphrase(String text) {
    return Passphrase.of(text.toCharArray());
  }

  @Test
  void aPassphraseLocksIt() throws IOException {
    try (TestServer server = start()) {
      say(server, ANN, "ann's own words");
    }
    BoxLock.lock(box, Passphrase.NONE, passphrase("correct horse"));
    assertTrue(BoxLock.isLocked(box));
    String locked = Files.readString(box.resolve("box.key"));
    assertEquals(ErrorCode.ACCESS_DENIED, assertThrows(SoleboxException.class, this::start).code());
    SoleboxException wrong =
        assertThrows(
            SoleboxException.class,
            () -> State.open(state, () -> passphrase("battery staple")).close());
    assertEquals(ErrorCode.ACCESS_DENIED, wrong.code());
    assertEquals(locked, Files.readString(box.resolve("box.key")));
    State.open(state, () -> passphrase("correct horse")).close();
    BoxLock.unlock(box, () -> passphrase("correct horse"));
    assertFalse(BoxLock.isLocked(box));
    start().close();
  }
}
