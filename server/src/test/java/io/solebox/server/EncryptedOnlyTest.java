package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.tls.TlsConfig;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS, to those who speak it worse or not at all. */
@Timeout(60)
class EncryptedOnlyTest {
  @TempDir private static Path folder;
  private static TestServer server;
  private static SSLContext trusting;

  @BeforeAll
  static void start() throws GeneralSecurityException, IOException {
    server =
        new TestServer(
            ServerConfig.defaults()
                .withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder.resolve("tls")))));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var in = new FileInputStream(folder.resolve("tls/ca.pem").toFile())) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    var factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, factory.getTrustManagers(), null);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static SSLSocket socket(SSLContext context) throws IOException {
    return (SSLSocket)
        context
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), server.server.port());
  }

  private static String agreed(String... protocols) throws IOException {
    try (SSLSocket socket = socket(trusting)) {
      if (protocols.length > 0) {
        socket.setEnabledProtocols(protocols);
      }
      socket.startHandshake();
      return socket.getSession().getProtocol() + " " + socket.getSession().getCipherSuite();
    }
  }

  @Test
  void theNewestIsSpokenAndNothingBefore12() throws IOException {
    assertTrue(agreed().startsWith("TLSv1.3 "));
    assertTrue(agreed("TLSv1.2").matches("TLSv1.2 TLS_ECDHE_ECDSA_.*(GCM|POLY1305).*"));
    assertTrue(agreed("TLSv1.2", "TLSv1.3").startsWith("TLSv1.3 "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
      })
  void weakerSuitesAreNotSpoken(String suite) throws IOException {
    try (SSLSocket socket = socket(trusting)) {
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.setEnabledCipherSuites(new String[] {suite});
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  @Test
  void nobodyBelievesItWhoHasNotBeenToldTo() throws Exception {
    try (SSLSocket socket = socket(SSLContext.getDefault())) {
      assertThrows(SSLException.class, socket::startHandshake);
    }
  }

  @Test
  void browsersAreSentOnToTheNameThatTheyCalled() throws IOException {
    int port = server.server.port();
    RawClient.Answer sent = server.get("/chat?x=1");
    assertEquals(307, sent.status(), sent::text);
    assertTrue(sent.header("Location").endsWith(":" + port + "/chat?x=1"), sent::toString);
    assertTrue(sent.header("Location").matches("https://(localhost|127\\.0\\.0\\.1):.*"));
    try (RawClient client = server.client()) {
      client.send("GET / HTTP/1.1\r\nHost: evil.example:" + port + "\r\n\r\n");
      RawClient.Answer elsewhere = client.receive();
      assertEquals(400, elsewhere.status());
      assertNull(elsewhere.header("Location"));
    }
  }

  @Test
  void whatShouldHaveBeenEncryptedIsRefused() throws IOException {
    for (String header :
        new String[] {"Authorization: Bearer k", "X-Api-Key: k", "Cookie: solebox=s"}) {
      RawClient.Answer answer = server.get("/v1/models", header);
      assertEquals(400, answer.status(), header);
      assertEquals("https_required", answer.at("error.code"));
      assertNull(answer.header("Location"));
    }
    assertEquals(400, server.postChat("a", "").status());
  }
}
