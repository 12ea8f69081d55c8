package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.server.tls.TlsConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that show a certificate are those whose names stand in it. */
@Timeout(60)
class ClientCertificateTest {
  private static final String KEY = "0123456789abcdef-key";
  private static final String NOBODY = "";

  @TempDir static Path folder;
  private static KeyPair authority;
  private static Path file;
  private static Path keys;

  @BeforeAll
  static void make() throws Exception {
    authority = pair();
    file = write("people.pem", certificate("CN=People", authority, authority, true, NOBODY));
    keys = Files.writeString(folder.resolve("keys"), KEY + " name=alice\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
  }

  private static Path write(String name, X509Certificate certificate) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    }
    return Files.writeString(folder.resolve(name), text.toString());
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(
      String subject, KeyPair of, KeyPair by, boolean signs, String mail) throws Exception {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=People"),
            BigInteger.valueOf(now.toEpochMilli()),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            new X500Principal(subject),
            of.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signs));
    if (!signs) {
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    }
    if (!mail.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.rfc822Name, mail)));
    }
    var signature = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signature));
  }

  private static KeyManager[] shows(String subject, KeyPair by, String mail) throws Exception {
    KeyPair own = pair();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own",
        own.getPrivate(),
        new char[0],
        new X509Certificate[] {certificate(subject, own, by, false, mail)});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static TestServer server(boolean required) {
    var tls =
        TlsConfig.of(new TlsConfig.Certificate.Own(folder.resolve("tls")))
            .withClients(new TlsConfig.Clients(file, required));
    return new TestServer(ServerConfig.defaults().withTls(tls).withApiKeyFile(keys));
  }

  private static RawClient.Answer ask(TestServer server, KeyManager[] shown, String... headers)
      throws IOException {
    var trusted = server.server.tls().orElseThrow().authority().orElseThrow();
    try (RawClient client =
        TlsClient.connect(server.server.port(), TlsClient.context(trusted, shown), 0)) {
      client.request("GET", "/v1/models", new byte[0], headers);
      return client.receive();
    }
  }

  @Test
  void namesOfKeysCount() throws Exception {
    try (TestServer server = server(false)) {
      assertEquals(200, ask(server, shows("CN=alice", authority, NOBODY)).status());
      assertEquals(200, ask(server, shows("CN=Someone,O=alice", authority, "alice")).status());
      assertEquals(401, ask(server, shows("CN=mallory,O=alice", authority, NOBODY)).status());
      KeyManager[] none = {};
      assertEquals(401, ask(server, none).status());
      assertEquals(200, ask(server, none, "Authorization: Bearer " + KEY).status());
      // What a program sends goes before what it shows, so that a wrong key is found.
      assertEquals(
          401,
          ask(server, shows("CN=alice", authority, NOBODY), "Authorization: Bearer x").status());
    }
  }

  @Test
  void whoseSignerIsNotNamedGetsNowhere() throws Exception {
    try (TestServer server = server(true)) {
      assertEquals(200, ask(server, shows("CN=alice", authority, NOBODY)).status());
      KeyManager[] forged = shows("CN=alice", pair(), NOBODY);
      assertThrows(IOException.class, () -> ask(server, forged));
      KeyManager[] none = {};
      assertThrows(IOException.class, () -> ask(server, none, "Authorization: Bearer " + KEY));
    }
  }
}
