package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.update.UpdateFolder;
import io.solebox.server.update.Updating;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The file of an update, as administrators send it. */
@Timeout(60)
class UpdateApiTest {
  private static final String GOOD = "a good update";

  @TempDir private Path folder;
  private TestServer server;

  /** Believes one text, and nothing else. */
  private static final class OneGood implements Updating {
    @Override
    public Map<String, Object> check(Path file) {
      return about(file);
    }

    @Override
    public Map<String, Object> about(Path file) {
      try {
        if (Files.readString(file).equals(GOOD)) {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("version", "2.0.0");
          fields.put("architecture", "x64");
          fields.put("made", "2026-12-01T00:00:00Z");
          fields.put("bytes", (long) GOOD.length());
          fields.put("signed_by", "release");
          fields.put("older", false);
          return fields;
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      throw new SoleboxException(ErrorCode.UNTRUSTED, "it", "Nobody signed it", "Ask somebody.");
    }
  }

  @BeforeEach
  void setUp() throws IOException {
    tellSlots("{\"slots\":{\"running\":{\"slot\":\"a\"}}}");
    server =
        new TestServer(
            ServerConfig.defaults()
                .withStateFile(folder.resolve("server/server.db"))
                .withMachine(folder)
                .withUpdates(new OneGood()));
  }

  private void tellSlots(String machine) throws IOException {
    Path results = Files.createDirectories(folder.resolve("host/results"));
    Files.writeString(results.resolve("machine.json"), machine);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private RawClient.Answer send(String text) throws IOException {
    return server.call(
        "POST", "/admin/update/file", text, "Content-Type: application/octet-stream");
  }

  @Test
  void fileIsCheckedKeptAndDiscarded() throws IOException {
    RawClient.Answer sent = send(GOOD);
    assertEquals(200, sent.status(), sent::text);
    assertEquals("2.0.0", sent.at("version"));
    RawClient.Answer looked = server.get("/admin/update");
    assertEquals("release", looked.at("file.signed_by"), looked::text);
    assertEquals("a", looked.at("slots.running.slot"));
    assertEquals(GOOD, Files.readString(new UpdateFolder(folder).file()));

    RawClient.Answer refused = send("a forged update");
    assertEquals(400, refused.status(), refused::text);
    assertEquals("untrusted", refused.at("error.code"));
    assertFalse(Files.exists(new UpdateFolder(folder).file()), "what was there before stayed");

    send(GOOD);
    RawClient.Answer gone = server.call("DELETE", "/admin/update/file", "");
    assertEquals(200, gone.status(), gone::text);
    assertFalse(gone.text().contains("release"), gone::text);
  }

  @Test
  void machineWithoutSlotsTakesNone() throws IOException {
    tellSlots("{}");
    RawClient.Answer refused = send(GOOD);
    assertEquals(409, refused.status(), refused::text);
    assertEquals("not_ours", refused.at("error.code"));
    assertTrue(server.get("/admin/update").text().contains("\"version\""));
  }
}
