package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.audit.AuditBook;
import io.solebox.server.audit.Entry;
import io.solebox.server.audit.Recorded;
import io.solebox.server.audit.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers and starts change is in the audit log, before it is answered. */
@Timeout(60)
class AuditedChangesTest {
  private static final String KEY = "0123456789abcdef-key";

  @TempDir private Path folder;
  private final EchoLibrary library = new EchoLibrary();

  private ServerConfig config() {
    return ServerConfig.defaults().withStateFile(folder.resolve("server.db"));
  }

  private ServerConfig withKeys(String line) throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), line + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    return config().withApiKeyFile(keys);
  }

  private List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    try (AuditBook book = AuditBook.open(folder)) {
      book.reader()
          .all(r -> entries.add(assertInstanceOf(Recorded.Readable.class, r).link().entry()));
      assertInstanceOf(Verdict.Sound.class, book.check(Optional.empty()));
    }
    return entries;
  }

  private static List<String> told(List<Entry> entries) {
    return entries.stream()
        .map(entry -> entry.actor() + " " + entry.action() + " " + entry.subject())
        .toList();
  }

  @Test
  void whatAdministratorsChangeIsTold() throws IOException {
    try (TestServer server = new TestServer(withKeys(KEY + " name=ann admin"), library)) {
      String key = "Authorization: Bearer " + KEY;
      assertEquals(200, server.post("/v1/models/pull", "{\"model\":\"new\"}", key).status());
      assertEquals(200, server.post("/v1/models/pin", "{\"model\":\"new\"}", key).status());
      List<Entry> entries = entries(); // with a server that goes on
      assertEquals(
          List.of("ann model.pull new", "ann model.pin new"),
          told(entries.subList(entries.size() - 2, entries.size())));
      assertTrue(entries.getLast().details().get("address").startsWith("/127.0.0.1"));
      RawClient.Answer last = server.get("/admin/audit?limit=1", key);
      assertEquals("model.pin", last.at("data.0.action"), last::text);
      assertEquals(false, last.at("has_more"));
      RawClient.Answer first = server.get("/admin/audit?after=0&limit=1", key);
      assertEquals("server.start", first.at("data.0.action"), first::text);
      assertEquals(true, first.at("has_more"));
      assertEquals(400, server.get("/admin/audit?limit=0", key).status());
      assertEquals(400, server.get("/admin/audit?after=x", key).status());
      RawClient.Answer check = server.get("/admin/audit/check", key);
      assertEquals(true, check.at("sound"), check::text);
      assertEquals((long) entries.size(), check.at("entries"));
    }
  }

  @Test
  void withoutKeysItIsThisMachine() throws IOException {
    try (TestServer server = new TestServer(config(), library)) {
      String body = "{\"model\":\"mine\",\"from\":\"echo\",\"stream\":false}";
      assertEquals(200, server.post("/api/create", body).status());
      assertEquals(
          200,
          server.post("/api/copy", "{\"source\":\"mine\",\"destination\":\"other\"}").status());
      assertEquals(200, server.call("DELETE", "/api/delete", "{\"model\":\"mine\"}").status());
      assertEquals(404, server.call("DELETE", "/api/delete", "{\"model\":\"none\"}").status());
    }
    List<Entry> entries = entries();
    assertEquals(
        List.of(
            "(server) server.start " + SoleboxServer.version(),
            "(this machine) model.create mine",
            "(this machine) model.copy other",
            "(this machine) model.delete mine",
            "(server) server.stop " + SoleboxServer.version()),
        told(entries));
  }

  @Test
  void whatIsRefusedIsTold() throws IOException {
    String made = "Authorization: Bearer sb-" + "x".repeat(43);
    try (TestServer server = new TestServer(withKeys(KEY + " name=ann"), library)) {
      for (int i = 0; i < 3; i++) {
        assertEquals(401, server.get("/v1/models", made).status());
      }
      assertEquals(401, server.get("/v1/models", "Authorization: Bearer typed by hand").status());
      assertEquals(403, server.get("/admin/audit", "Authorization: Bearer " + KEY).status());
      assertEquals(200, server.get("/v1/models", "Authorization: Bearer " + KEY).status());
    }
    List<Entry> refused =
        entries().stream().filter(e -> e.action().equals("request.refused")).toList();
    assertEquals(3, refused.size(), refused::toString);
    assertEquals("127.0.0.1", refused.getFirst().subject());
    assertEquals("sb-xxxxxx", refused.getFirst().details().get("key"));
    assertEquals("3", refused.getFirst().details().get("count"));
    assertFalse(refused.toString().contains("typed"), refused::toString);
    assertEquals("ann", refused.getLast().actor());
  }

  @Test
  void theAirGapIsTold() {
    new TestServer(config().withAirGapped(true)).close();
    assertEquals("(server) airgap.on " + SoleboxServer.version(), told(entries()).get(1));
  }

  @Test
  void whatIsOtherThanAtTheLastStartIsTold() throws IOException {
    new TestServer(config()).close();
    new TestServer(config()).close();
    assertEquals(4, entries().size());
    new TestServer(withKeys(KEY + " name=ann")).close();
    Entry change =
        entries().stream().filter(e -> e.action().equals("settings.change")).findFirst().get();
    assertEquals("keys", change.subject());
    assertEquals("none", change.details().get("before"));
    assertTrue(change.details().get("now").matches("ann [0-9a-f]{8}"), change.toString());
    new TestServer(withKeys(KEY + "2 name=ann")).close(); // another key of the same name
    assertEquals(2, entries().stream().filter(e -> e.action().equals("settings.change")).count());
  }

  @Test
  void aServerThatKeepsNothingRemembersNothing() throws IOException {
    try (TestServer server = new TestServer(ServerConfig.defaults(), library)) {
      assertEquals(200, server.post("/v1/models/pull", "{\"model\":\"new\"}").status());
    }
    assertFalse(Files.exists(folder.resolve("server.db")));
  }
}
