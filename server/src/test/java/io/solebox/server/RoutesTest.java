package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What all routes have in common: a permission, a path of their own, an answer to slips. */
class RoutesTest {
  private static final Set<String> OPEN =
      Set.of(
          "/",
          "/favicon.ico",
          "/frame/diagram",
          "/frame/script",
          "/ui/{digest}/{file*}",
          "/health",
          "/health/live",
          "/health/ready",
          "/healthz",
          "/readyz",
          "/auth",
          "/auth/setup",
          "/auth/invitation",
          "/auth/sign-up",
          "/auth/reset",
          "/auth/sign-in",
          "/auth/second-factor",
          "/auth/ways",
          "/auth/passkeys/request",
          "/auth/passkeys/sign-in",
          "/auth/oidc/start",
          "/auth/oidc/callback",
          "/host/keep",
          "/setup",
          "/setup/choose",
          "/setup/finish",
          "/setup/pair",
          "/setup/state",
          "/signin",
          "/desk",
          "/c/{id}",
          "/compare",
          "/knowledge",
          "/knowledge/{id}",
          "/s/{id}",
          "/account");

  @TempDir Path folder;

  private static List<Route> routes(TestServer server) {
    return server.server.apis().stream().map(Api::routes).flatMap(List::stream).toList();
  }

  @Test
  void everyRouteHasAPermissionAndFewAreOpen() {
    try (TestServer server = new TestServer()) {
      Set<String> open = new HashSet<>();
      Set<String> seen = new HashSet<>();
      for (Route route : routes(server)) {
        String meant = route.method() + " " + route.path() + route.header().orElse("");
        assertTrue(seen.add(meant), meant);
        switch (route.permission()) {
          case OPEN -> open.add(route.path());
          case SEE, USE_MODELS, OWN_ACCOUNT, ADMINISTRATE -> {}
        }
      }
      assertEquals(OPEN, open);
    }
  }

  @Test
  void withoutAKeyOnlyOpenOnesAreReached() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-key\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer server = new TestServer(ServerConfig.defaults().withApiKeyFile(keys))) {
      for (Route route : routes(server)) {
        String path = route.path().replaceAll("\\{[^}]+}", "echo");
        int status = server.call(route.method().name(), path, "").status();
        if (route.permission() == Permission.OPEN) {
          // What is to be sent there is missing, or is not there without a state, an issuer or a
          // screen.
          boolean elsewhere =
              Set.of("/auth/passkeys/request", "/auth/passkeys/sign-in").contains(path);
          int usual = route.limits().maxBodyBytes() > 0 ? 415 : 200;
          boolean steps = path.startsWith("/setup/") && !path.equals("/setup/state");
          boolean absent = steps || path.startsWith("/auth/oidc/") || path.startsWith("/ui/");
          int sentOn = path.equals("/account") ? 303 : usual;
          int bare = absent ? 404 : elsewhere ? 400 : sentOn;
          assertEquals(bare, status, path);
        } else {
          assertEquals(401, status, path);
          assertEquals(401, server.call("DELETE", path, "").status(), path);
        }
      }
      assertEquals(401, server.get("/v1/no/such/thing").status()); // closed is what nobody opened
      assertEquals(401, server.get("//health/../v1/models").status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/models/",
    "GET, //v1/models",
    "GET, /v1//models",
    "GET, //health//",
    "POST, /v1/completions/",
    "POST, /v1//completions"
  })
  void slashesTooManyAreNoMistake(String method, String path) throws IOException {
    try (TestServer server = new TestServer()) {
      String body = method.equals("POST") ? "{\"prompt\":\"x\"}" : "";
      assertEquals(200, server.call(method, path, body).status());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/models, /v1/models",
    "/v1/v1/models, /v1/models",
    "/v1/v1/completions, /v1/completions",
    "/v1/v1/chat/completions, /v1/chat/completions",
    "/api/v1/chat/completions, /v1/chat/completions",
    "/openai/models, /v1/models",
    "/v1, /v1/models"
  })
  void aWrongBaseIsToldTheRightOne(String path, String right) throws IOException {
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer = server.get(path);
      assertEquals(404, answer.status());
      assertEquals("unknown_url", answer.at("error.code"));
      String message = (String) answer.at("error.message");
      assertTrue(
          message.contains(" " + right + "?") || message.contains(" " + right + "."), message);
    }
  }

  @Test
  void nothingIsSuggestedForWhatIsNothing() throws IOException {
    try (TestServer server = new TestServer()) {
      assertFalse(server.get("/favicon.ico").text().contains("Did you mean"));
    }
  }
}
