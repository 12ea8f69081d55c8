package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The owner's own pages, programs and proxies; everybody else is told what the owner could do. */
class CorsTest {
  private static final List<String> ORIGINS =
      List.of("app://notes.example", "https://Chat.Example:443", "http://localhost:3000", "null");

  @TempDir Path folder;

  private static ServerConfig config() {
    return ServerConfig.defaults()
        .withAllowedOrigins(ORIGINS)
        .withAllowedHosts(List.of("llm.example"));
  }

  /** A request as a browser makes it, to the name that its page knows. */
  private static RawClient.Answer ask(TestServer server, String host, String... headers)
      throws IOException {
    try (RawClient client = server.client()) {
      StringBuilder text = new StringBuilder("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n");
      for (String header : headers) {
        text.append(header).append("\r\n");
      }
      return client.send(text.append("\r\n").toString()).receive();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"app://notes.example", "https://chat.example", "http://localhost:3000", "null"})
  void allowedOriginsAreToldSo(String origin) throws IOException {
    try (TestServer server = new TestServer(config())) {
      RawClient.Answer answer =
          server.post(
              "/v1/completions",
              "{\"prompt\":\"x\"}",
              "Origin: " + origin,
              "Sec-Fetch-Site: cross-site");
      assertEquals(200, answer.status());
      assertEquals(origin, answer.header("Access-Control-Allow-Origin"));
      assertEquals("Origin", answer.header("Vary"));
      RawClient.Answer wrong = server.get("/v1/nothing", "Origin: " + origin);
      assertEquals(404, wrong.status());
      assertEquals(origin, wrong.header("Access-Control-Allow-Origin"));
    }
  }

  /** Whatever an answer tells in headers, a page that may use the server may read. */
  @Test
  void allHeadersCanBeRead() throws IOException {
    ServerConfig limited = config().withUsualLimits("rpm=2 tpd=9");
    try (TestServer server = new TestServer(limited)) {
      String origin = "Origin: app://notes.example";
      String body = TestServer.chat("hello", "");
      RawClient.Answer answer = server.post("/v1/chat/completions", body, origin);
      RawClient.Answer refused = server.post("/v1/chat/completions", body, origin);
      assertEquals("false", refused.header("x-should-retry"));
      for (RawClient.Answer each :
          List.of(
              answer,
              refused,
              server.get("/nothing", origin),
              server.post("/v1/messages", body, origin))) {
        Set<String> exposed = new HashSet<>();
        for (String name : each.header("Access-Control-Expose-Headers").split(", ")) {
          exposed.add(name.toLowerCase(Locale.ROOT));
        }
        // These can be read of any answer, or are for the browser and the connection.
        Set<String> others =
            Set.of(
                "content-type",
                "content-length",
                "access-control-expose-headers",
                "connection",
                "transfer-encoding");
        for (String name : each.headers().keySet()) {
          assertTrue(others.contains(name) || exposed.contains(name), name);
        }
      }
    }
  }

  @Test
  void preflightAllowsWhatClientsSend() throws IOException {
    String names = "authorization,content-type,x-stainless-os,x-stainless-retry-count,x-my-own";
    try (TestServer server = new TestServer(config())) {
      RawClient.Answer answer =
          server.call(
              "OPTIONS",
              "/v1/chat/completions",
              "",
              "Origin: app://notes.example",
              "Access-Control-Request-Method: POST",
              "Access-Control-Request-Headers: " + names,
              "Access-Control-Request-Private-Network: true");
      assertEquals(204, answer.status());
      assertEquals("app://notes.example", answer.header("Access-Control-Allow-Origin"));
      assertEquals(names, answer.header("Access-Control-Allow-Headers"));
      assertTrue(answer.header("Access-Control-Allow-Methods").contains("POST"));
      assertEquals("true", answer.header("Access-Control-Allow-Private-Network"));
    }
  }

  @Test
  void preflightNeedsNoKeyButTheRequestDoes() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-key\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    try (TestServer server = new TestServer(config().withApiKeyFile(keys))) {
      String origin = "Origin: app://notes.example";
      RawClient.Answer preflight =
          server.call("OPTIONS", "/v1/models", "", origin, "Access-Control-Request-Method: GET");
      assertEquals(204, preflight.status());
      RawClient.Answer answer = server.get("/v1/models", origin);
      assertEquals(401, answer.status());
      assertEquals("app://notes.example", answer.header("Access-Control-Allow-Origin"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://elsewhere.example",
        "app://notes.example.evil",
        "http://chat.example",
        "http://localhost:3001",
        "https://llm.example.evil",
        "ftp://llm.example",
        "llm.example"
      })
  void othersAreRefusedWithWhatTheOwnerCanDo(String origin) throws IOException {
    try (TestServer server = new TestServer(config())) {
      for (RawClient.Answer answer :
          List.of(
              server.get("/v1/models", "Origin: " + origin),
              server.call(
                  "OPTIONS",
                  "/v1/models",
                  "",
                  "Origin: " + origin,
                  "Access-Control-Request-Method: GET"))) {
        assertEquals(403, answer.status());
        assertEquals("foreign_origin", answer.at("error.code"));
        String message = (String) answer.at("error.message");
        assertTrue(message.contains("--allowed-origin " + origin), message);
        assertNull(answer.header("Access-Control-Allow-Origin"));
      }
    }
  }

  @Test
  void hostsAreRefusedWithWhatTheOwnerCanDo() throws IOException {
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer = ask(server, "llm.example:8080");
      assertEquals("foreign_host", answer.at("error.code"));
      assertTrue(answer.text().contains("--allowed-host llm.example."), answer::text);
    }
  }

  @Test
  void ourPageBehindAProxyWithTls() throws IOException {
    try (TestServer server = new TestServer(config())) {
      String own = "127.0.0.1:" + server.server.port();
      // The proxy hands the name on, or calls us by our address.
      assertEquals(200, ask(server, "llm.example", "Origin: https://llm.example").status());
      assertEquals(200, ask(server, "llm.example", "Origin: http://llm.example").status());
      assertEquals(200, ask(server, own, "Origin: https://llm.example").status());
      assertEquals(
          200, ask(server, "llm.example:8443", "Origin: https://LLM.example:8443").status());
      assertNull(
          ask(server, "llm.example", "Origin: https://llm.example")
              .header("Access-Control-Allow-Origin"));
    }
    try (TestServer server = new TestServer()) {
      // A proxy on this machine says that the browser speaks TLS to it.
      String tls = "X-Forwarded-Proto: https";
      assertEquals(200, ask(server, "localhost", "Origin: https://localhost", tls).status());
      assertEquals(403, ask(server, "localhost", "Origin: https://localhost").status());
      assertEquals(403, ask(server, "localhost", "Origin: https://evil.example", tls).status());
    }
  }

  @Test
  void allOriginsTakeKeys() throws IOException {
    ServerConfig all = ServerConfig.defaults().withPort(0).withAllowedOrigins(List.of("*"));
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> SoleboxServer.start(all, TestServer.nothing()));
    assertTrue(error.remedy().contains("--api-key-file"));
    Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-key\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-r-----"));
    try (TestServer server = new TestServer(all.withApiKeyFile(keys))) {
      RawClient.Answer answer =
          server.get(
              "/v1/models",
              "Origin: https://any.example",
              "Authorization: Bearer 0123456789abcdef-key");
      assertEquals(200, answer.status());
      assertEquals("https://any.example", answer.header("Access-Control-Allow-Origin"));
    }
  }

  @Test
  void withoutPermissionNoHeaders() throws IOException {
    try (TestServer server = new TestServer()) {
      RawClient.Answer answer = server.get("/v1/models");
      assertFalse(
          answer.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control")));
    }
  }
}
