package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.age.AgeInput;
import io.solebox.server.age.AgeKey;
import io.solebox.server.age.AgeLock;
import io.solebox.server.age.AgeOutput;
import io.solebox.server.backup.BoxBackup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Administrators take the box along as one file, and bring one. */
@Timeout(60)
class BackupRoutesTest {
  private static final String WORDS = "{\"passphrase\":\"correct horse battery\"}";

  @TempDir private static Path folder;
  private static final TextBox BOX = new TextBox();
  private static TestServer server;

  /** A box that is one text, of some mebibytes. */
  private static final class TextBox implements BoxBackup {
    private static final String TEXT = "all that there is. ".repeat(200_000);
    private volatile Optional<String> staged = Optional.empty();

    @Override
    public void write(AgeLock lock, boolean withModels, OutputStream out, Progress progress) {
      try {
        AgeOutput sealed = AgeOutput.to(out, lock);
        sealed.write(TEXT.getBytes(StandardCharsets.US_ASCII));
        sealed.finish();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public Map<String, Object> stage(InputStream sealed, AgeKey key, Progress progress) {
      try {
        byte[] text = AgeInput.of(sealed, key, "backup").readAllBytes();
        staged = Optional.of(new String(text, StandardCharsets.US_ASCII));
        return Map.of("made", "2026-12-01T00:00:00Z");
      } catch (IOException e) {
        throw new SoleboxException(ErrorCode.IO_ERROR, "backup", "It broke off.", "Again.", e);
      }
    }

    @Override
    public Optional<String> finish() {
      return Optional.empty();
    }

    @Override
    public boolean restarts() {
      return false;
    }

    @Override
    public void restart() {}

    @Override
    public void discard() {
      staged = Optional.empty();
    }

    @Override
    public Map<String, Object> state() {
      Map<String, Object> state = new HashMap<>();
      state.put("last", null);
      state.put("ready", staged.<Object>map(_ -> Map.of()).orElse(null));
      return state;
    }
  }

  @BeforeAll
  static void start() {
    server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withBackup(BOX));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer send(String path, byte[] body, String type) throws IOException {
    try (RawClient client = server.client()) {
      client.request("POST", path, body, "Content-Type: " + type);
      return client.receive();
    }
  }

  private static String ticket(String path, String body) throws IOException {
    RawClient.Answer answer = send(path, body.getBytes(StandardCharsets.UTF_8), "application/json");
    assertEquals(200, answer.status(), answer::text);
    return path + "/" + answer.at("id");
  }

  private static RawClient.Answer bring(byte[] file, String words) throws IOException {
    return send(ticket("/admin/restore", words), file, "application/octet-stream");
  }

  @Test
  void whatWasTakenAlongIsBroughtBack() throws IOException {
    assertEquals(null, server.get("/admin/backup").at("last"));
    String download = ticket("/admin/backup", WORDS);
    RawClient.Answer file = server.get(download);
    assertEquals(200, file.status());
    assertTrue(file.header("Content-Disposition").contains("solebox-"));
    assertEquals("no-store", file.header("Cache-Control"));
    assertEquals(404, server.get(download).status(), "it counts once");
    byte[] sealed = file.body();
    RawClient.Answer wrong = bring(sealed, "{\"passphrase\":\"another one\"}");
    assertEquals(403, wrong.status(), wrong::text);
    assertTrue(wrong.text().contains("not its passphrase"), wrong::text);
    byte[] cut = java.util.Arrays.copyOf(sealed, sealed.length - 40);
    RawClient.Answer refused = bring(cut, WORDS);
    assertEquals(400, refused.status(), refused::text);
    assertTrue(refused.text().contains("end is missing"), refused::text);
    assertTrue(BOX.staged.isEmpty());
    RawClient.Answer staged = bring(sealed, WORDS);
    assertEquals(200, staged.status(), staged::text);
    assertEquals(Optional.of(TextBox.TEXT), BOX.staged);
    assertTrue(server.get("/admin/backup").text().contains("\"ready\":{}"));
    try (RawClient client = server.client()) {
      client.request("DELETE", "/admin/restore", new byte[0]);
      assertEquals(200, client.receive().status());
    }
    assertFalse(BOX.staged.isPresent());
  }

  @Test
  void whatAnybodyCouldGuessIsNoPassphrase() throws IOException {
    RawClient.Answer shortOne =
        send(
            "/admin/backup",
            "{\"passphrase\":\"abc\"}".getBytes(StandardCharsets.UTF_8),
            "application/json");
    assertEquals(400, shortOne.status());
    assertTrue(shortOne.text().contains("at least 8"), shortOne::text);
    RawClient.Answer nothing = send("/admin/restart", new byte[0], "application/json");
    assertEquals(409, nothing.status(), "nothing starts it again");
  }
}
