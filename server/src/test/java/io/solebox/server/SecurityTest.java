package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.tls.TlsConfig;
import io.solebox.storage.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and who is not. */
class SecurityTest {
  private static final String KEY = "0123456789abcdef-key";

  @TempDir Path folder;

  private static RawClient.Answer withHost(TestServer server, String host, String... headers)
      throws IOException {
    try (RawClient client = server.client()) {
      StringBuilder text = new StringBuilder("GET /v1/models HTTP/1.1\r\nHost: " + host + "\r\n");
      for (String header : headers) {
        text.append(header).append("\r\n");
      }
      client.send(text.append("\r\n").toString());
      return client.receive();
    }
  }

  @Test
  void foreignHostsAreRefused() throws IOException {
    try (TestServer server =
        new TestServer(ServerConfig.defaults().withAllowedHosts(List.of("solebox.lan")))) {
      int port = server.server.port();
      for (String host : List.of("localhost", "127.0.0.1", "[::1]", "LocalHost", "solebox.lan")) {
        assertEquals(200, withHost(server, host + ":" + port).status(), host);
      }
      // Proxies often leave the port out.
      assertEquals(200, withHost(server, "solebox.lan").status());
      assertEquals(200, withHost(server, "localhost").status());
      for (String host :
          List.of(
              "evil.example:" + port,
              "localhost:1",
              "127.0.0.1.evil.example:" + port,
              "192.168.1.5:" + port,
              "localhost.evil.example:" + port)) {
        RawClient.Answer answer = withHost(server, host);
        assertEquals(403, answer.status(), host);
        assertEquals("foreign_host", answer.at("error.code"));
      }
    }
  }

  @Test
  void foreignOriginsAreRefused() throws IOException {
    try (TestServer server = new TestServer()) {
      String host = "localhost:" + server.server.port();
      assertEquals(200, withHost(server, host, "Origin: http://" + host).status());
      for (String origin :
          List.of(
              "http://evil.example",
              "null",
              "https://" + host,
              "http://localhost:3000",
              "http://127.0.0.1:" + server.server.port(),
              "file://")) {
        RawClient.Answer answer = withHost(server, host, "Origin: " + origin);
        assertEquals(403, answer.status(), origin);
        assertEquals("foreign_origin", answer.at("error.code"));
        assertFalse(answer.headers().containsKey("access-control-allow-origin"));
      }
      assertEquals(403, withHost(server, host, "Sec-Fetch-Site: cross-site").status());
      assertEquals(403, withHost(server, host, "Sec-Fetch-Site: same-site").status());
      assertEquals(200, withHost(server, host, "Sec-Fetch-Site: same-origin").status());
      assertEquals(200, server.get("/", "Sec-Fetch-Site: cross-site").status());
    }
  }

  @Test
  void noCors() throws IOException {
    try (TestServer server = new TestServer()) {
      String own = "Origin: http://127.0.0.1:" + server.server.port();
      RawClient.Answer preflight =
          server.call("OPTIONS", "/v1/models", "", own, "Access-Control-Request-Method: GET");
      assertEquals(405, preflight.status());
      for (RawClient.Answer answer : List.of(preflight, server.get("/v1/models", own))) {
        assertTrue(
            answer.headers().keySet().stream()
                .noneMatch(name -> name.startsWith("access-control")));
      }
    }
  }

  private Path keyFile(String text) throws IOException {
    Path file = Files.createTempFile(folder, "keys", ".txt");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  @Test
  void keysAreRequired() throws IOException {
    Path keys = keyFile("# ours\n\n" + KEY + "\nanother-key-0123456789\n");
    try (TestServer server = new TestServer(ServerConfig.defaults().withApiKeyFile(keys))) {
      RawClient.Answer none = server.get("/v1/models");
      assertEquals(401, none.status());
      assertEquals("invalid_api_key", none.at("error.code"));
      assertEquals("Bearer", none.headers().get("www-authenticate"));
      assertEquals(401, server.get("/v1/models", "Authorization: Bearer wrong").status());
      assertEquals(401, server.get("/v1/models", "Authorization: " + KEY).status());
      assertEquals(401, server.get("/v1/models", "Authorization: Basic " + KEY).status());
      assertEquals(401, server.get("/nothing").status());
      assertEquals(401, server.postChat("hi", "").status());
      assertEquals(200, server.get("/v1/models", "Authorization: Bearer " + KEY).status());
      assertEquals(
          200, server.get("/v1/models", "authorization: bearer another-key-0123456789").status());
      for (String open : List.of("/", "/health", "/favicon.ico", "/signin")) {
        assertEquals(200, server.get(open).status(), open);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# none\n", "short\n", "with space in the middle\n", "ключключключключ\n"})
  void badKeyFiles(String text) throws IOException {
    Path file = keyFile(text);
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> ServerConfig.defaults().withApiKeyFile(file));
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void keyFileThatEverybodyCanRead() throws IOException {
    Path file = keyFile(KEY);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> ServerConfig.defaults().withApiKeyFile(file));
    assertTrue(error.remedy().contains("chmod 600"));
  }

  @Test
  void beyondLoopbackOnlyWithKeys() throws IOException {
    ServerConfig open = ServerConfig.defaults().withHost("0.0.0.0").withPort(0);
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> SoleboxServer.start(open, TestServer.nothing()));
    assertTrue(error.remedy().contains("--api-key-file"));
    try (TestServer server = new TestServer(open.withApiKeyFile(keyFile(KEY)))) {
      String key = "Authorization: Bearer " + KEY;
      int port = server.server.port();
      assertEquals(200, withHost(server, "127.0.0.1:" + port, key).status());
      assertEquals(200, withHost(server, "192.168.1.5:" + port, key).status());
      assertEquals(403, withHost(server, "evil.example:" + port, key).status());
      assertEquals(401, withHost(server, "192.168.1.5:" + port).status());
    }
  }

  @Test
  void accountsBeyondLoopbackTakeEncryption() throws Exception {
    Path state = folder.resolve("server.db");
    ServerConfig open = ServerConfig.defaults().withHost("0.0.0.0").withStateFile(state);
    assertTellsThreeWays(open.withAccounts());
    assertTellsThreeWays(open.withAccounts().withApiKeyFile(keyFile(KEY)));
    new TestServer(open.withAccounts().withProxies(List.of("192.168.1.5"))).close();
    new TestServer(open.withAccounts().withPlainHttp()).close();
    TlsConfig tls = TlsConfig.of(new TlsConfig.Certificate.Own(folder.resolve("tls")));
    new TestServer(open.withAccounts().withTls(tls)).close();
    new TestServer(open.withHost("127.0.0.1").withAccounts()).close();

    // Without accounts keys go on as they did, until somebody has one.
    new TestServer(open.withApiKeyFile(keyFile(KEY))).close();
    try (Database database = ServerTables.open(state)) {
      NewUser anna = NewUser.active("anna", Role.ADMIN, Optional.empty());
      new Accounts(database, AuditLog.of(database, folder), Clock.systemUTC())
          .add("test", anna, Optional.empty());
    }
    assertTellsThreeWays(open.withApiKeyFile(keyFile(KEY)));
    assertTellsThreeWays(open);
  }

  private static void assertTellsThreeWays(ServerConfig config) {
    SoleboxException error =
        assertThrows(
            SoleboxException.class, () -> SoleboxServer.start(config, TestServer.nothing()));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertEquals("host", error.place());
    for (String way : List.of("--tls", "--proxy ADDRESS", "--plain-http")) {
      assertTrue(error.remedy().contains(way), error.remedy());
    }
  }

  @Test
  void portInUse() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ServerConfig config = ServerConfig.defaults().withPort(other.getLocalPort());
      SoleboxException error =
          assertThrows(
              SoleboxException.class, () -> SoleboxServer.start(config, TestServer.nothing()));
      assertTrue(error.getMessage().contains("in use"), error.getMessage());
    }
  }
}
