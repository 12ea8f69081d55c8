package io.solebox.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.MiscPEMGenerator;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObjectGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Certificates from a person's files, good and bad. */
class GivenCertificatesTest {
  private static final Instant NOW = Instant.now();
  private static final char[] PASS = "open sesame".toCharArray();
  private static final BoxNames BOX = BoxNames.of(List.of("box.lan", "127.0.0.1"));

  @TempDir Path folder;

  private final List<String> notes = new ArrayList<>();
  private final Authority authority = Authority.make(BOX, NOW.minus(Duration.ofDays(1000)));
  private Identity identity;
  private Path chain;
  private Path key;

  @BeforeEach
  void write() throws IOException {
    identity = authority.issue(BOX, NOW);
    chain = folder.resolve("chain.pem");
    key = folder.resolve("key.pem");
    Files.writeString(chain, pem(identity.chain()));
    secret(key, Pem.of(identity.key()));
  }

  private static void secret(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String pem(List<X509Certificate> certificates) {
    return String.join("", certificates.stream().map(Pem::of).toList());
  }

  private GivenCertificates given(TlsConfig.Certificate from) {
    return new GivenCertificates(from, () -> BOX, notes::add);
  }

  private GivenCertificates files(Optional<Path> pass) {
    return given(new TlsConfig.Certificate.PemFiles(chain, key, pass));
  }

  private Path passFile() throws IOException {
    Path file = folder.resolve("pass");
    secret(file, new String(PASS) + "\nmore\n");
    return file;
  }

  private String refused() {
    SoleboxException error =
        assertThrows(SoleboxException.class, () -> files(Optional.empty()).first(NOW));
    assertFalse(error.remedy().isEmpty());
    return error.getMessage();
  }

  /** How programs have written keys. */
  private enum Form {
    PKCS8,
    PKCS8_LOCKED,
    SEC1,
    SEC1_LOCKED
  }

  /** As OpenSSL writes it, with the curve inside. */
  private PrivateKeyInfo sec1() throws IOException {
    var curve = SECObjectIdentifiers.secp256r1;
    var inside =
        new ECPrivateKey(
            256, ((java.security.interfaces.ECPrivateKey) identity.key()).getS(), curve);
    return new PrivateKeyInfo(
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve), inside);
  }

  private String text(Form form) throws Exception {
    StringWriter text = new StringWriter();
    PemObjectGenerator object =
        switch (form) {
          case PKCS8 -> new JcaPKCS8Generator(identity.key(), null);
          case PKCS8_LOCKED ->
              new JcaPKCS8Generator(
                  identity.key(),
                  new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                      .setProvider(new BouncyCastleProvider())
                      .setPassword(PASS)
                      .build());
          case SEC1 -> new MiscPEMGenerator(sec1());
          case SEC1_LOCKED ->
              new MiscPEMGenerator(
                  sec1(),
                  new JcePEMEncryptorBuilder("AES-128-CBC")
                      .setProvider(new BouncyCastleProvider())
                      .build(PASS));
        };
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    return text.toString();
  }

  @ParameterizedTest
  @EnumSource
  void keysInEveryForm(Form form) throws Exception {
    secret(key, text(form));
    boolean locked = form == Form.PKCS8_LOCKED || form == Form.SEC1_LOCKED;
    Optional<Path> pass = locked ? Optional.of(passFile()) : Optional.empty();
    assertEquals(identity.chain(), files(pass).first(NOW).chain());
    assertEquals(List.of(), notes);
    if (locked) {
      assertTrue(refused().contains("encrypted"));
      secret(pass.get(), "another\n");
      assertThrows(SoleboxException.class, () -> files(pass).first(NOW));
    }
  }

  @Test
  void pkcs12() throws Exception {
    Path file = folder.resolve("all.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", identity.key(), PASS, identity.chain().toArray(X509Certificate[]::new));
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASS);
    }
    Path pass = passFile();
    assertEquals(
        identity.chain(), given(new TlsConfig.Certificate.Pkcs12(file, pass)).first(NOW).chain());
    secret(pass, "another\n");
    assertThrows(
        SoleboxException.class,
        () -> given(new TlsConfig.Certificate.Pkcs12(file, pass)).first(NOW));
  }

  @Test
  void whatClientsWouldRefuseIsRefusedBefore() throws Exception {
    Files.writeString(chain, pem(identity.chain().reversed()));
    assertTrue(refused().contains("key is not that of its first certificate"));
    Identity stranger = Authority.make(BOX, NOW).issue(BOX, NOW);
    Files.writeString(chain, pem(List.of(identity.leaf(), stranger.chain().getLast())));
    assertTrue(refused().contains("is not signed by"));
    Files.writeString(chain, "no certificate");
    assertTrue(refused().contains("no certificate"));
    Identity old = authority.issue(BOX, NOW.minus(Duration.ofDays(500)));
    Files.writeString(chain, pem(old.chain()));
    secret(key, Pem.of(old.key()));
    assertTrue(refused().contains("expired"));
    Identity early = authority.issue(BOX, NOW.plus(Duration.ofDays(5)));
    Files.writeString(chain, pem(early.chain()));
    secret(key, Pem.of(early.key()));
    assertTrue(refused().contains("valid from"));
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(refused().contains("Every user"));
  }

  @Test
  void changedFilesAreReadAndBadOnesOnce() throws Exception {
    GivenCertificates given = files(Optional.empty());
    Identity first = given.first(NOW);
    assertTrue(given.next(first, NOW).isEmpty());
    Files.writeString(chain, "half of a certif");
    assertThrows(SoleboxException.class, () -> given.next(first, NOW));
    assertTrue(given.next(first, NOW).isEmpty()); // it was said
    Identity renewed = authority.issue(BOX, NOW);
    Files.writeString(chain, pem(renewed.chain()));
    secret(key, Pem.of(renewed.key()));
    assertEquals(renewed.chain(), given.next(first, NOW).orElseThrow().chain());
  }

  @Test
  void namesThatAreNotThisMachinesAreTold() throws Exception {
    Identity other = authority.issue(BoxNames.of(List.of("other.lan")), NOW);
    Files.writeString(chain, pem(other.chain()));
    secret(key, Pem.of(other.key()));
    files(Optional.empty()).first(NOW);
    assertTrue(notes.toString().contains("is for other.lan"), notes::toString);
    assertTrue(BoxNames.of(List.of("*.lan")).meets(BOX));
    assertFalse(BoxNames.of(List.of("*.lan")).meets(BoxNames.of(List.of("a.b.lan"))));
  }
}
