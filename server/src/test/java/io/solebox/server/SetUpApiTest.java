package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.host.HostDesk;
import io.solebox.server.setup.SetUp;
import io.solebox.server.setup.SetUpApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first steps of an appliance, as its page does them. */
class SetUpApiTest {
  private static final String ADMIN = "{\"name\":\"anna\",\"password\":\"violet-otter-lamp\"}";

  @TempDir Path folder;

  private TestServer server() {
    return new TestServer(
        ServerConfig.defaults()
            .withStateFile(folder.resolve("server/server.db"))
            .withMachine(folder)
            .withSetUp());
  }

  private Map<String, Object> screen() throws IOException {
    return new JsonReader(JsonLimits.LOCAL)
        .readObject(Files.readAllBytes(folder.resolve("server").resolve(SetUp.SCREEN)));
  }

  private RawClient.Answer pair(TestServer server) throws IOException {
    return server.post("/setup/pair", "{\"code\":\"%s\"}".formatted(screen().get("code")));
  }

  private static String token(RawClient.Answer paired) {
    assertEquals(200, paired.status(), paired::text);
    return SetUpApi.TOKEN + ": " + paired.at("token");
  }

  /** As root's service says that it is there. */
  private Path machine() throws IOException {
    Path results = Files.createDirectories(folder.resolve("host/results"));
    Files.writeString(results.resolve(HostDesk.MACHINE), "{\"air_gap\":true,\"devices\":[]}");
    return Files.createDirectories(folder.resolve("host/requests"));
  }

  private static List<String> requests(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().map(SetUpApiTest::read).toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void allStepsLeadToAnAdministratorWhoIsInAndToNoSecondSetup() throws IOException {
    Path requests = machine();
    try (TestServer server = server()) {
      assertEquals("setup_required", server.get("/v1/models").at("error.code"));
      assertEquals(401, server.post("/setup/choose", "{}").status());
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(
              Files.getPosixFilePermissions(folder.resolve("server").resolve(SetUp.SCREEN))));
      String token = token(pair(server));
      assertEquals(409, server.post("/setup/finish", "", token).status()); // nobody is chosen
      for (String step :
          List.of(
              "{\"language\":\"de\"}",
              ADMIN,
              "{\"host_name\":\"attic\",\"zone\":\"Europe/Berlin\"}",
              "{\"network\":{\"mode\":\"static\",\"address\":\"192.168.7.20/24\"}}",
              "{\"air_gap\":false}")) {
        RawClient.Answer answer = server.post("/setup/choose", step, token);
        assertEquals(200, answer.status(), answer::text);
        assertFalse(answer.text().contains("violet"), answer::text);
        assertFalse(answer.text().contains("argon"), answer::text);
      }
      RawClient.Answer done = server.post("/setup/finish", "", token);
      assertEquals(200, done.status(), done::text);
      assertEquals("anna", done.at("user.name"));
      String cookie = done.header("Set-Cookie").split(";")[0];
      assertEquals("admin", server.get("/auth/me", "Cookie: " + cookie).at("user.role"));
      assertEquals("set_up_already", pairAgain(server).at("error.code"));
      assertEquals(403, server.post("/setup/choose", ADMIN, token).status());
      assertEquals(false, server.get("/setup/state", token).at("open"));
      List<String> asked = requests(requests);
      assertEquals(4, asked.size());
      assertEquals(1, asked.stream().filter(text -> text.contains("\"192.168.7.20/24\"")).count());
      assertFalse(Files.exists(folder.resolve("server/setup.json")));
    }
  }

  private static RawClient.Answer pairAgain(TestServer server) throws IOException {
    return server.post("/setup/pair", "{\"code\":\"AAAAA-AAAAA\"}");
  }

  @Test
  void powerCutBetweenStepsLosesNothingAndLocksNobodyOut() throws IOException {
    String token;
    try (TestServer server = server()) {
      token = token(pair(server));
      server.post("/setup/choose", ADMIN, token);
      server.post("/setup/choose", "{\"zone\":\"Europe/Berlin\"}", token);
    }
    try (TestServer server = server()) {
      RawClient.Answer state = server.get("/setup/state", token);
      assertEquals(true, state.at("paired"));
      assertEquals("anna", state.at("chosen.name"));
      assertEquals("Europe/Berlin", state.at("chosen.zone"));
      String other = token(pair(server)); // a browser that was lost does not matter
      assertEquals(200, server.post("/setup/finish", "", other).status());
    }
  }

  @Test
  void powerCutBetweenTheAccountAndTheRestLosesNothing() throws IOException {
    try (TestServer server = server()) {
      String token = token(pair(server));
      server.post("/setup/choose", ADMIN, token);
      server.post("/setup/choose", "{\"host_name\":\"attic\"}", token);
      Files.copy(folder.resolve("server/setup.json"), folder.resolve("kept"));
      assertEquals(200, server.post("/setup/finish", "", token).status());
    }
    Files.move(folder.resolve("kept"), folder.resolve("server/setup.json"));
    Path requests = machine();
    try (TestServer server = server()) {
      assertEquals(false, server.get("/setup/state").at("open"));
      assertTrue(requests(requests).getFirst().contains("attic"));
      assertFalse(Files.exists(folder.resolve("server/setup.json")));
    }
  }

  @Test
  void secondBrowserIsToldAndTakesOverOnlyWithTheNextCode() throws IOException {
    try (TestServer server = server()) {
      String code = String.valueOf(screen().get("code"));
      String first = token(pair(server));
      assertEquals(true, server.get("/setup/state").at("taken"));
      assertEquals(
          "wrong_code",
          server.post("/setup/pair", "{\"code\":\"%s\"}".formatted(code)).at("error.code"));
      assertEquals(200, server.post("/setup/choose", ADMIN, first).status());
      assertEquals(null, server.get("/setup/state").json().get("chosen"));
    }
    try (TestServer server = server()) { // which shows another code at once
      String before = token(pair(server));
      try (TestServer after = server()) {
        token(pair(after));
        assertEquals("setup_taken", after.post("/setup/choose", ADMIN, before).at("error.code"));
      }
    }
  }

  @Test
  void wrongCodesAreSlowedDown() throws IOException {
    try (TestServer server = server()) {
      int status = 403;
      for (int i = 0; i < 12 && status == 403; i++) {
        status = pairAgain(server).status();
      }
      assertEquals(429, status);
    }
  }

  @Test
  void choicesThatTheMachineWouldRefuseAreRefusedAtOnce() throws IOException {
    try (TestServer server = server()) {
      String token = token(pair(server));
      for (String wrong :
          List.of(
              "{\"host_name\":\"no spaces\"}",
              "{\"zone\":\"../etc/passwd\"}",
              "{\"network\":{\"mode\":\"static\"}}",
              "{\"network\":{\"mode\":\"static\",\"address\":\"192.168.7.20\"}}",
              "{\"network\":{\"mode\":\"dhcp\",\"dns\":[\"example.org\"]}}",
              "{\"network\":{\"mode\":\"dhcp\",\"device\":\"../eth0\"}}",
              "{\"network\":{\"mode\":\"dhcp\",\"device\":\"wlan0\",\"ssid\":\"x\",\"passphrase\":\"short\"}}",
              "{\"network\":{\"mode\":\"dhcp\",\"shell\":\"id\"}}",
              "{\"name\":\"anna\",\"password\":\"short\"}",
              "{\"unknown\":1}")) {
        RawClient.Answer answer = server.post("/setup/choose", wrong, token);
        assertEquals(400, answer.status(), () -> wrong + answer.text());
      }
    }
  }

  @Test
  void serverThatIsNoApplianceHasNoSetup() throws IOException {
    try (TestServer server = new TestServer()) {
      assertEquals(false, server.get("/setup/state").at("appliance"));
      assertEquals(404, pairAgain(server).status());
      assertEquals(null, server.get("/admin/host").json().get("machine"));
      RawClient.Answer refused =
          server.post("/admin/host/requests", "{\"kind\":\"power\",\"restart\":true}");
      assertEquals("not_ours", refused.at("error.code"), refused::text);
    }
  }
}
