package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.server.tls.TlsConfig;
import java.io.FileInputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP on TLS, with the certificate of the box's own authority. */
@Timeout(60)
class TlsTest {
  @TempDir Path folder;

  @Test
  void answers() throws Exception {
    try (TestServer server =
        new TestServer(
            ServerConfig.defaults()
                .withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder.resolve("tls")))))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      try (var in = new FileInputStream(folder.resolve("tls/ca.pem").toFile())) {
        store.setCertificateEntry(
            "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      var factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      Socket socket =
          context
              .getSocketFactory()
              .createSocket(InetAddress.getLoopbackAddress(), server.server.port());
      try (RawClient client = new RawClient("127.0.0.1:" + server.server.port(), socket)) {
        client.request("GET", "/v1/models", new byte[0]);
        assertEquals("echo", client.receive().at("data.0.id"));
      }
    }
  }
}
