package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.server.accounts.oidc.FakeIssuer;
import io.solebox.server.accounts.oidc.OidcSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signing in at an issuer over https, whose certificate an authority of its own has signed. */
@Timeout(60)
class EncryptedIssuerTest {
  private static final String PASSWORD = "violet harbour seven";

  @TempDir private Path folder;

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(String subject, KeyPair of, KeyPair by, boolean signs)
      throws Exception {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Principal("CN=Issuers"),
            BigInteger.valueOf(signs ? 1 : 2),
            Date.from(now.minus(Duration.ofHours(1))),
            Date.from(now.plus(Duration.ofHours(1))),
            new X500Principal(subject),
            of.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(signs));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    var signature = new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signature));
  }

  private static SslContextFactory.Server encrypted(KeyPair own, X509Certificate certificate)
      throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("own", own.getPrivate(), new char[0], new X509Certificate[] {certificate});
    var factory = new SslContextFactory.Server();
    factory.setKeyStore(store);
    factory.setKeyStorePassword("");
    factory.setSniRequired(false);
    return factory;
  }

  private TestServer server(FakeIssuer issuer, Optional<SSLContext> trust, String state) {
    OidcSettings all = issuer.settings();
    return new TestServer(
        ServerConfig.defaults()
            .withStateFile(folder.resolve(state))
            .withAccounts()
            .withOidc(
                new OidcSettings(
                    all.issuer(),
                    all.clientId(),
                    all.secret(),
                    all.nameClaim(),
                    Optional.empty(),
                    all.domains(),
                    all.unknown(),
                    trust)));
  }

  private static Visitor setUp(TestServer server) throws IOException {
    Visitor first = new Visitor(server);
    String body =
        "{\"code\":\"%s\",\"name\":\"anna\",\"password\":\"%s\"}"
            .formatted(server.server.setUpCode().orElseThrow().code(), PASSWORD);
    assertEquals(200, first.post("/auth/setup", body).status());
    return new Visitor(server);
  }

  /** Keys, tokens and UserInfo go over it, and a token signed with Ed25519 is believed. */
  @Test
  void whoSignsTheIssuersCertificateCanBeNamed() throws Exception {
    KeyPair authority = pair();
    KeyPair own = pair();
    X509Certificate signer = certificate("CN=Issuers", authority, authority, true);
    X509Certificate shown = certificate("CN=Issuer", own, authority, false);
    SSLContext trust = TlsClient.context(signer, new KeyManager[0]);
    try (FakeIssuer issuer = new FakeIssuer(Optional.of(encrypted(own, shown)))) {
      issuer.withUserInfo(Map.of("sub", "subject-1", "preferred_username", "lovelace"));
      issuer.claims = claims -> claims.claim("preferred_username", null);
      issuer.signWithEd25519();
      try (TestServer server = server(issuer, Optional.of(trust), "a.db")) {
        Visitor emil = setUp(server);
        RawClient.Answer away = emil.get("/auth/oidc/start");
        assertEquals(302, away.status(), away::text);
        var answer = issuer.back(URI.create(away.header("Location")));
        RawClient.Answer in =
            emil.get(
                "/auth/oidc/callback?state=%s&code=%s".formatted(answer.state(), answer.code()));
        assertEquals("/", in.header("Location"), in::text);
        assertEquals("lovelace", emil.get("/auth/me").at("user.name"));
      }
      try (TestServer server = server(issuer, Optional.empty(), "b.db")) {
        assertEquals(502, setUp(server).get("/auth/oidc/start").status());
      }
    }
  }
}
