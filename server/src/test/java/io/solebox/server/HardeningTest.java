package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Faults;
import io.solebox.server.http.Method;
import io.solebox.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small ways to make much of a request or of an answer, which lead nowhere. */
@Timeout(60)
class HardeningTest {
  private static final String KEY = "0123456789abcdef-key";

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
  void aPathIsUnpackedOnce() throws IOException {
    assertEquals(200, server.get("/v1/models/ec%68o").status());
    RawClient.Answer packedTwice = server.get("/v1/models/ec%2568o");
    assertEquals(404, packedTwice.status());
    assertTrue(packedTwice.text().contains("ec%68o"), packedTwice::text);
  }

  @Test
  void whatStandsTwiceInAQueryIsRefused() throws IOException {
    assertEquals(200, server.get("/v1/files?limit=1").status());
    RawClient.Answer twice = server.get("/v1/files?limit=1&limit=2");
    assertEquals(400, twice.status());
    assertTrue(twice.text().contains("'limit' appears twice"), twice::text);
    assertEquals(400, server.get("/v1/files?purpose=batch&purpose=evals").status());
  }

  @Test
  void aQueryIsNoBody() throws IOException {
    RawClient.Answer answer =
        server.post("/v1/completions?max_tokens=1", "{\"model\":\"echo\",\"prompt\":\"a b c d\"}");
    assertEquals(200, answer.status());
    assertEquals("a b c d", ((String) answer.at("choices.0.text")).strip());
  }

  @Test
  void traceGivesNothingBack() throws IOException {
    for (String path : List.of("/", "/v1/models", "/health")) {
      RawClient.Answer answer = server.call("TRACE", path, "", "X-Secret: told-to-nobody");
      assertEquals(405, answer.status(), path);
      assertFalse(answer.text().contains("told-to-nobody"), answer::text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/files",
        "/files/",
        "/io/solebox/server/web/",
        "/web/index.html",
        "/.git/HEAD",
        "/..%2f..%2fetc/passwd",
        "/server.db"
      })
  void noFolderIsShown(String path) throws IOException {
    RawClient.Answer answer = server.get(path);
    assertTrue(answer.status() == 404 || answer.status() == 400, answer::text);
    assertTrue(answer.header("Content-Type").startsWith("application/json"), path);
  }

  @Test
  void textsSayTheirCharacters() throws IOException {
    for (Route route :
        server.server.apis().stream().flatMap(api -> api.routes().stream()).toList()) {
      if (route.method() == Method.GET) {
        String path = route.path().replaceAll("\\{[^}]+}", "echo");
        try (RawClient client = server.client()) {
          client.request("GET", path, new byte[0]);
          String type = client.receiveHead().header("Content-Type"); // some streams have no end
          assertTrue(
              type.startsWith("application/") || type.endsWith("charset=utf-8"), path + type);
        }
      }
    }
    RawClient.Answer stream = server.postChat("a", ",\"stream\":true");
    assertEquals("text/event-stream; charset=utf-8", stream.header("Content-Type"));
  }

  @Test
  void keysInAddressesOpenNothing() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), KEY + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer guarded = new TestServer(ServerConfig.defaults().withApiKeyFile(keys))) {
      for (String name : List.of("key", "api_key", "api-key", "token", "access_token", "session")) {
        assertEquals(401, guarded.get("/v1/models?" + name + "=" + KEY).status(), name);
      }
      assertEquals(200, guarded.get("/v1/models", "Authorization: Bearer " + KEY).status());
    }
  }

  @Test
  void wordsOfAnIdAreNoWordsOfTheDatabase() throws IOException {
    RawClient.Answer sent =
        FilesApiTest.upload(
            server,
            FilesApiTest.field("purpose", "batch"),
            FilesApiTest.file("'); DROP TABLE file; --", "x"));
    assertEquals(200, sent.status(), sent::text);
    assertEquals(404, server.get("/v1/files/x'%20OR%20'1'='1").status());
    assertEquals(404, server.call("DELETE", "/v1/files/x'%20OR%20'1'='1", "").status());
    assertEquals(sent.at("id"), server.get("/v1/files").at("data.0.id"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a b.jsonl | a b.jsonl | a%20b.jsonl",
        "../../etc/passwd | passwd | passwd",
        "é;y.txt | __y.txt | %C3%A9%3By.txt",
        "x\u2028y | x_y | x%E2%80%A8y"
      })
  void filesAreToBeSavedUnderTheirNames(String name, String ascii, String whole)
      throws IOException {
    RawClient.Answer sent =
        FilesApiTest.upload(
            server, FilesApiTest.field("purpose", "batch"), FilesApiTest.file(name, "x"));
    RawClient.Answer content = server.get("/v1/files/" + sent.at("id") + "/content");
    assertEquals("application/octet-stream", content.header("Content-Type"));
    assertEquals(
        "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(ascii, whole),
        content.header("Content-Disposition"));
  }

  @Test
  void aTraceInTheLogHasNoLineOfItsClients() {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    Faults faults = new Faults(new PrintStream(log, true, StandardCharsets.UTF_8));
    faults.problem(new IllegalStateException("x\nAll is well.\r\u001b[2Jand\u2028so on"), "");
    List<String> lines = log.toString(StandardCharsets.UTF_8).lines().toList();
    assertTrue(lines.getFirst().startsWith("Internal error "), lines::toString);
    assertTrue(lines.stream().skip(1).allMatch(line -> line.startsWith("    ")), lines::toString);
    assertFalse(String.join("", lines).matches("(?s).*[\\x1b\\u2028].*"), lines::toString);
  }
}
