package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import io.solebox.server.tls.Fingerprint;
import io.solebox.server.tls.TlsConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HTTP on TLS, with the certificate of the box's own authority. */
@Timeout(60)
class TlsTest {
  private static final String PAGE = "Accept: text/html,application/xhtml+xml,*/*;q=0.8";
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static TestServer server;

  private static ServerConfig config() {
    return ServerConfig.defaults().withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder)));
  }

  @BeforeAll
  static void start() {
    server = new TestServer(config());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SSLSocket socket() throws IOException {
    var context =
        TlsClient.context(
            server.server.tls().orElseThrow().authority().orElseThrow(), new KeyManager[0]);
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), server.server.port());
  }

  @Test
  void answersWhoTrustsTheAuthority() throws IOException {
    RawClient.Answer answer = server.get("/v1/models");
    assertEquals("echo", answer.at("data.0.id"));
    assertEquals("same-origin", answer.header("Cross-Origin-Opener-Policy"));
    assertNull(answer.header("Strict-Transport-Security")); // a warning must stay one to be passed
    String own = "Origin: https://127.0.0.1:" + server.server.port();
    assertEquals(200, server.get("/v1/models", own).status());
    assertEquals(403, server.get("/v1/models", own.replace("https", "http")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.3, TLS_AES_128_GCM_SHA256",
    "TLSv1.3, TLS_CHACHA20_POLY1305_SHA256",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
  })
  void speaks(String version, String suite) throws IOException {
    try (SSLSocket socket = socket()) {
      socket.setEnabledProtocols(new String[] {version});
      socket.setEnabledCipherSuites(new String[] {suite});
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      assertEquals(suite, socket.getSession().getCipherSuite());
      assertEquals("http/1.1", socket.getApplicationProtocol());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
  })
  void doesNotSpeak(String version, String suite) throws IOException {
    try (SSLSocket socket = socket()) {
      socket.setEnabledProtocols(new String[] {version});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  /** Browsers are held to TLS where they trust the certificate without being told to. */
  @Test
  void whoHasACertificateOfOthersIsStrict() throws IOException {
    Path given = folder.resolve("server.pem"); // of the other server, with its key and its signer
    var certificate = new TlsConfig.Certificate.PemFiles(given, given, Optional.empty());
    var authority = server.server.tls().orElseThrow().authority().orElseThrow();
    SSLContext trust = TlsClient.context(authority, new KeyManager[0]);
    ServerConfig config = ServerConfig.defaults().withTls(TlsConfig.of(certificate));
    try (TestServer strict = new TestServer(config);
        RawClient client = TlsClient.connect(strict.server.port(), trust, 0)) {
      for (String path : List.of("/", "/v1/models", "/no/such/thing")) {
        client.request("GET", path, new byte[0]);
        assertEquals(
            "max-age=31536000", client.receive().header("Strict-Transport-Security"), path);
      }
    }
  }

  @Test
  void offersItsAuthorityAndHowToTrustIt() throws Exception {
    var authority = server.server.tls().orElseThrow().authority().orElseThrow();
    var factory = CertificateFactory.getInstance("X.509");
    for (String path : List.of("/tls/ca.pem", "/tls/ca.crt")) {
      byte[] body = server.get(path).body();
      assertEquals(authority, factory.generateCertificate(new ByteArrayInputStream(body)));
    }
    RawClient.Answer page = server.get("/tls");
    assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
    assertTrue(page.text().contains(Fingerprint.of(authority)), page::text);
    assertTrue(page.text().contains("https://127.0.0.1:" + server.server.port() + "/health"));
    assertFalse(page.text().contains("{{"), page::text);
    try (TestServer plain = new TestServer()) {
      assertEquals(404, plain.get("/tls").status());
    }
  }

  @Test
  void whoComesWithoutIsToldSo() throws IOException {
    int port = server.server.port();
    try (RawClient browser = new RawClient(port)) {
      browser.request("GET", "/desk?a=b", new byte[0], PAGE);
      RawClient.Answer answer = browser.receive();
      assertEquals(307, answer.status());
      assertEquals("https://127.0.0.1:" + port + "/desk?a=b", answer.header("Location"));
      for (String path : List.of("/v1/models", "/desk")) {
        browser.request("GET", path, new byte[0], "Accept: application/json"); // of a program
        RawClient.Answer told = browser.receive();
        assertEquals(400, told.status());
        assertEquals("https_required", told.at("error.code"));
      }
      browser.request("GET", "/v1/models", new byte[0], PAGE, "Authorization: Bearer secret");
      RawClient.Answer refused = browser.receive();
      assertEquals(400, refused.status());
      assertEquals("https_required", refused.at("error.code"));
      assertTrue(((String) refused.at("error.message")).contains("replace that key"));
      browser.post("/v1/completions", "{\"prompt\":\"abc\"}");
      assertEquals(400, browser.receive().status());
      browser.send("GET / HTTP/1.1\r\nHost: evil.example\r\n" + PAGE + "\r\n\r\n");
      assertEquals(400, browser.receive().status()); // nobody is sent elsewhere
    }
  }

  @Test
  void handshakesThatDripAreCutOff() throws Exception {
    var times = new HttpLimits.Times(LONG, Duration.ofMillis(500), LONG, LONG, LONG, LONG);
    try (TestServer own =
            new TestServer(config().withLimits(HttpLimits.defaults().withTimes(times)));
        RawClient opened = own.client();
        RawClient drips = new RawClient(own.server.port())) {
      drips.send(new byte[] {0x16, 3, 1, 2, 0, 1}); // the first bytes of a handshake
      assertTrue(drips.closedWithin(Duration.ofSeconds(5)));
      assertEquals(1, own.server.counters().get("slow_headers"));
      // A handshake that is through is no header that drips.
      opened.request("GET", "/health", new byte[0]);
      assertEquals(200, opened.receive().status());
    }
  }

  @Test
  void theOtherPortSendsOn() throws IOException {
    int redirect;
    try (var free = new ServerSocket(0)) {
      redirect = free.getLocalPort();
    }
    var tls = TlsConfig.of(new TlsConfig.Certificate.Own(folder)).withRedirectPort(redirect);
    try (TestServer own = new TestServer(ServerConfig.defaults().withTls(tls));
        RawClient client =
            new RawClient("localhost", new Socket(InetAddress.getLoopbackAddress(), redirect))) {
      client.request("GET", "/tls", new byte[0], PAGE);
      assertEquals(
          "https://localhost:" + own.server.port() + "/tls", client.receive().header("Location"));
    }
  }
}
