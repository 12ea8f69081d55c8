package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models are loaded and unloaded on request, by those who may. */
@Timeout(30)
class ManageTest {
  @TempDir Path folder;

  private static void await(TestServer server, String model, Class<? extends ModelState> state)
      throws InterruptedException {
    while (!state.isInstance(server.host.state(model))) {
      Thread.sleep(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models/", "/models/"})
  void loadsAndUnloads(String base) throws Exception {
    try (TestServer server = new TestServer()) {
      server.engine.add("second", _ -> new EchoModel(true));
      RawClient.Answer load = server.post(base + "load", "{\"model\":\"Second.gguf\"}");
      assertEquals(200, load.status());
      assertEquals(true, load.at("success"));
      assertEquals("second", load.at("model"));
      await(server, "second", ModelState.Ready.class);
      assertEquals(true, server.post(base + "load", "{\"model\":\"second\"}").at("success"));
      RawClient.Answer unload = server.post(base + "unload", "{\"model\":\"second\"}");
      assertEquals(200, unload.status());
      assertEquals("unloaded", unload.at("state"));
      assertInstanceOf(ModelState.Absent.class, server.host.state("second"));
      assertEquals(true, server.post(base + "unload", "{\"model\":\"second\"}").at("success"));
    }
  }

  @Test
  void aLoadTellsHowFarItIsWhereThatIsAskedFor() throws Exception {
    try (TestServer server = new TestServer()) {
      var seen = new CountDownLatch(1);
      server.engine.add(
          "big",
          progress -> {
            progress.report("reading weights", 0.25);
            await(seen);
            return new EchoModel(true);
          });
      try (RawClient client = server.client()) {
        client.post("/models/load", "{\"model\":\"big\",\"stream\":true}");
        assertEquals("HTTP/1.1 200 OK", client.line());
        client.headers();
        while (!text(client.chunk()).contains(loading(0.25))) {
          // it may have been told that the load waits for others
        }
        seen.countDown();
        String last = "";
        for (byte[] chunk = client.chunk(); chunk.length > 0; chunk = client.chunk()) {
          last = text(chunk);
        }
        assertTrue(last.endsWith("\"data\":{\"status\":\"loaded\"}}\n\n"), last);
      }
    }
  }

  private static String text(byte[] chunk) {
    return new String(chunk, StandardCharsets.UTF_8);
  }

  private static String loading(double fraction) {
    return ("{\"model\":\"big\",\"event\":\"model_status\",\"data\":{\"status\":\"loading\","
            + "\"progress\":{\"stages\":[\"reading weights\"],\"current\":\"reading weights\","
            + "\"value\":%s}}}")
        .formatted(fraction);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aLoadThatFailsSaysWhyAtTheEndOfItsEvents() throws IOException {
    try (TestServer server = new TestServer()) {
      server.engine.add(
          "bad",
          _ -> {
            throw new SoleboxException(
                ErrorCode.BAD_MODEL_FILE, "f:1", "The file is cut short.", "Get another.");
          });
      RawClient.Answer told = server.post("/models/load", "{\"model\":\"bad\",\"stream\":true}");
      String last = told.events().getLast();
      assertTrue(last.contains("\"failed\":true,\"code\":\"bad_model_file\""), last);
      assertTrue(last.contains("cut short"), last);
    }
  }

  @Test
  void anUnloadLetsAnswersEnd() throws Exception {
    try (TestServer server = new TestServer()) {
      server.model.pace(0, 30);
      try (RawClient busy = server.client()) {
        busy.post("/v1/chat/completions", TestServer.chat("ten chars!", ""));
        while (server.model.running() == 0) {
          Thread.sleep(5);
        }
        assertEquals(200, server.post("/models/unload", "{\"model\":\"echo\"}").status());
        assertEquals("ten chars!", busy.receive().at("choices.0.message.content"));
      }
    }
  }

  @Test
  void everybodyMayWatchUntilTheServerEnds() throws Exception {
    try (TestServer server = new TestServer();
        RawClient client = server.client()) {
      client.request("GET", "/models/sse", new byte[0]);
      assertEquals("HTTP/1.1 200 OK", client.line());
      client.headers();
      String first = text(client.chunk());
      assertTrue(first.contains("\"loaded\""), first);
      server.host.unload("echo", Progress.none());
      String last = first;
      while (!last.contains("\"unloaded\"")) {
        last = text(client.chunk());
      }
      server.server.drain(Duration.ofSeconds(20));
      assertEquals("", text(client.chunk()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|400|missing_required_parameter|model",
        "{\"model\":7}|400|invalid_type|model",
        "{\"model\":\"none\"}|404|model_not_found|model",
        "{\"model\":\"echo\",\"modle\":1}|400|unknown_parameter|modle",
        "[]|400|invalid_json|",
      })
  void wrongRequestsAreRefused(String body, int status, String code, String param)
      throws IOException {
    try (TestServer server = new TestServer()) {
      for (String path : List.of("/models/load", "/v1/models/unload")) {
        RawClient.Answer answer = server.post(path, body);
        assertEquals(status, answer.status());
        assertEquals(code, answer.at("error.code"));
        assertEquals(param, answer.at("error.param"));
      }
    }
  }

  @Test
  void aServerWithoutALibraryChangesNothing() throws IOException {
    try (TestServer server = new TestServer()) {
      for (String path : List.of("/v1/models/pull", "/v1/models/pin", "/v1/models/unpin")) {
        RawClient.Answer refused = server.post(path, "{\"model\":\"u/none\"}");
        assertEquals(400, refused.status());
        assertEquals("unsupported_parameter", refused.at("error.code"));
      }
      assertEquals(400, server.call("DELETE", "/v1/models/echo", "").status());
      assertEquals(404, server.call("DELETE", "/v1/models/nobody", "").status());
      RawClient.Answer pull = server.post("/api/pull", "{\"model\":\"u/none\"}");
      assertEquals(404, pull.status());
      assertTrue(pull.text().contains("It fetches none"), pull.text());
    }
  }

  @Test
  void onlyKeysOfAdministratorsMay() throws IOException {
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "0123456789abcdef-user name=alice\n0123456789abcdef-boss name=bob admin\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer server = new TestServer(ServerConfig.defaults().withApiKeyFile(keys))) {
      String user = "Authorization: Bearer 0123456789abcdef-user";
      String boss = "X-Api-Key: 0123456789abcdef-boss";
      String body = "{\"model\":\"echo\"}";
      for (String path : List.of("/v1/models/pull", "/v1/models/pin", "/api/pull", "/api/copy")) {
        assertEquals(403, server.post(path, body, user).status(), path);
      }
      assertEquals(403, server.call("DELETE", "/v1/models/echo", "", user).status());
      assertEquals(403, server.call("DELETE", "/api/delete", body, user).status());
      RawClient.Answer refused = server.post("/models/unload", body, user);
      assertEquals(403, refused.status());
      assertEquals("not_allowed", refused.at("error.code"));
      assertEquals(401, server.post("/models/unload", body).status());
      assertEquals(200, server.post("/models/unload", body, boss).status());
      assertEquals(200, server.get("/v1/models", user).status());
      assertEquals(200, server.get("/v1/models", boss).status());
      assertEquals(401, server.get("/v1/models", "X-Api-Key: wrong").status());
    }
  }

  @Test
  void whatStandsBehindAKeyMustBeKnown() throws IOException {
    for (String line :
        List.of("nmae=x", "name=", "name=a/b", "admin=yes", "name=" + "x".repeat(65))) {
      Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-user " + line);
      Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
      var error =
          org.junit.jupiter.api.Assertions.assertThrows(
              SoleboxException.class, () -> ServerConfig.defaults().withApiKeyFile(keys));
      assertTrue(error.getMessage().contains("name=NAME"), error.getMessage());
      assertTrue(error.place().endsWith(":1"));
    }
  }
}
