package io.solebox.store.sign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignTest {
  private static final KeyName ACME = KeyName.parse("acme");
  private static final byte[] PAYLOAD = "{\"a\": \"ü\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path data;
  private KeyFolder keys;
  private TrustFolder trust;
  private SigningKey key;

  @BeforeEach
  void makeKey() {
    keys = new KeyFolder(data);
    trust = new TrustFolder(data);
    key = keys.make(ACME);
  }

  private static void assertRefused(ErrorCode code, Runnable action) {
    assertEquals(code, assertThrows(SoleboxException.class, action::run).code());
  }

  @Test
  void whatATrustedKeySignedIsItsOwn() {
    trust.add(ACME, key.verifyKey());
    byte[] written = keys.read(ACME).sign("text/plain", PAYLOAD).bytes();
    Envelope read = Envelope.read(written, "there");
    assertEquals(ACME, trust.verify(read, "there").name());
    assertArrayEquals(PAYLOAD, read.payload());
    assertEquals("text/plain", read.payloadType());
  }

  @Test
  void nobodyIsTrustedWhoWasNotAdded() {
    Envelope envelope = key.sign("text/plain", PAYLOAD);
    assertRefused(ErrorCode.UNTRUSTED, () -> trust.verify(envelope, "there"));
    trust.add(KeyName.parse("other"), SigningKey.generate().verifyKey());
    assertRefused(ErrorCode.UNTRUSTED, () -> trust.verify(envelope, "there"));
    trust.add(ACME, key.verifyKey());
    trust.verify(envelope, "there");
    trust.remove(ACME);
    assertRefused(ErrorCode.UNTRUSTED, () -> trust.verify(envelope, "there"));
  }

  @Test
  void noByteOfASignatureCanBeChanged() {
    trust.add(ACME, key.verifyKey());
    byte[] sound = key.sign("text/plain", PAYLOAD).bytes();
    for (int i = 0; i < sound.length; i++) {
      byte[] changed = sound.clone();
      changed[i] ^= 1;
      try {
        Envelope read = Envelope.read(changed, "there");
        trust.verify(read, "there");
        assertArrayEquals(PAYLOAD, read.payload());
        assertEquals("text/plain", read.payloadType());
      } catch (SoleboxException e) {
        assertEquals(ErrorCode.UNTRUSTED, e.code());
      }
    }
    for (int i = 0; i < sound.length; i++) {
      byte[] cut = java.util.Arrays.copyOf(sound, i);
      assertRefused(ErrorCode.UNTRUSTED, () -> Envelope.read(cut, "there"));
    }
  }

  /** By the texts of DSSE, sigstore's bundle and OpenSSF Model Signing, with none of our code. */
  @Test
  void othersVerifyIt() throws GeneralSecurityException, IOException {
    var files = new TreeMap<String, Digest>();
    files.put("b/two", Digest.of(new byte[] {2}));
    files.put("a", Digest.of(new byte[] {1}));
    byte[] bundle = key.sign(Envelope.IN_TOTO, new Statement("name", files).bytes()).bytes();
    Map<?, ?> fields = object(new JsonReader(JsonLimits.LOCAL).read(bundle));
    assertEquals("application/vnd.dev.sigstore.bundle.v0.3+json", fields.get("mediaType"));
    Map<?, ?> material = object(fields.get("verificationMaterial"));
    String pem = key.verifyKey().pem();
    byte[] ofPem =
        MessageDigest.getInstance("SHA-256").digest(pem.getBytes(StandardCharsets.US_ASCII));
    assertEquals(HexFormat.of().formatHex(ofPem), object(material.get("publicKey")).get("hint"));
    Map<?, ?> envelope = object(fields.get("dsseEnvelope"));
    byte[] payload = Base64.getDecoder().decode((String) envelope.get("payload"));
    var signed = new ByteArrayOutputStream();
    signed.writeBytes("DSSEv1 28 application/vnd.in-toto+json ".getBytes(StandardCharsets.UTF_8));
    signed.writeBytes((payload.length + " ").getBytes(StandardCharsets.UTF_8));
    signed.writeBytes(payload);
    String der = pem.replaceAll("-----.*-----|\\s", "");
    var verifier = Signature.getInstance("SHA256withECDSA");
    verifier.initVerify(
        KeyFactory.getInstance("EC")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(der))));
    verifier.update(signed.toByteArray());
    Map<?, ?> signature = object(((List<?>) envelope.get("signatures")).getFirst());
    assertTrue(verifier.verify(Base64.getDecoder().decode((String) signature.get("sig"))));
    requireStatement(object(new JsonReader(JsonLimits.LOCAL).read(payload)));
  }

  private static void requireStatement(Map<?, ?> statement) throws GeneralSecurityException {
    assertEquals("https://in-toto.io/Statement/v1", statement.get("_type"));
    assertEquals("https://model_signing/signature/v1.0", statement.get("predicateType"));
    var root = MessageDigest.getInstance("SHA-256");
    for (Object resource : (List<?>) object(statement.get("predicate")).get("resources")) {
      assertEquals("sha256", object(resource).get("algorithm"));
      root.update(HexFormat.of().parseHex((String) object(resource).get("digest")));
    }
    Map<?, ?> subject = object(((List<?>) statement.get("subject")).getFirst());
    assertEquals(
        HexFormat.of().formatHex(root.digest()), object(subject.get("digest")).get("sha256"));
  }

  private static Map<?, ?> object(Object value) {
    return (Map<?, ?>) value;
  }

  @Test
  void aStatementAgreesWithItself() {
    var files = new TreeMap<String, Digest>();
    files.put("a", Digest.of(new byte[] {1}));
    var statement = new Statement("name", files);
    assertEquals(statement, Statement.read(statement.bytes(), "there"));
    String text = new String(statement.bytes(), StandardCharsets.UTF_8);
    for (String wrong :
        List.of(
            text.replace("\"a\"", "1"),
            text.replace("signature/v1.0", "signature/v2.0"),
            text.replace(Digest.of(new byte[] {1}).hex(), Digest.of(new byte[] {2}).hex()),
            text.replace("}]", "},{\"name\":\"a\",\"algorithm\":\"sha256\",\"digest\":\"00\"}]"),
            "[]",
            "")) {
      assertRefused(
          ErrorCode.BAD_BUNDLE,
          () -> Statement.read(wrong.getBytes(StandardCharsets.UTF_8), "there"));
    }
  }

  @Test
  void aPrivateKeyIsForItsOwnerAlone() throws IOException {
    Path file = keys.file(ACME);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String before = Files.readString(file);
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> keys.make(ACME));
    assertEquals(before, Files.readString(file));
    try (var inside = Files.list(file.getParent())) {
      assertEquals(List.of(file), inside.toList());
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> keys.read(ACME));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> readKey(file));
  }

  private static VerifyKey readKey(Path file) {
    try {
      return TrustFolder.readKey(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void halvesOfTwoKeysAreNoKey() throws IOException {
    String other = SigningKey.generate().verifyKey().pem();
    String mixed = Files.readString(keys.file(ACME)).replace(key.verifyKey().pem(), other);
    Files.writeString(keys.file(ACME), mixed);
    assertRefused(ErrorCode.BAD_STORE, () -> keys.read(ACME));
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> keys.read(KeyName.parse("none")));
  }

  @Test
  void aNameIsOfOneKeyAndAKeyHasOneName() {
    trust.add(ACME, key.verifyKey());
    trust.add(ACME, key.verifyKey());
    VerifyKey other = SigningKey.generate().verifyKey();
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> trust.add(ACME, other));
    assertRefused(
        ErrorCode.INVALID_PARAMETER, () -> trust.add(KeyName.parse("b"), key.verifyKey()));
    assertEquals(1, trust.all().size());
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> trust.remove(KeyName.parse("b")));
  }

  @Test
  void whereEverybodyMayWriteNobodyIsTrusted() throws IOException {
    trust.add(ACME, key.verifyKey());
    Path file = trust.file(ACME);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertRefused(ErrorCode.ACCESS_DENIED, () -> trust.all());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertEquals(1, trust.all().size());
    Files.writeString(file, "nothing");
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> trust.all());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "../x", "a/b", "-a", "a b", "ü", "a\n"})
  void namesAreSafe(String name) {
    assertFalse(KeyName.find(name).isPresent());
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> KeyName.parse(name));
  }

  /** A key on another curve is none of ours. */
  @Test
  void oneCurveIsTaken() throws GeneralSecurityException, IOException {
    var generator = java.security.KeyPairGenerator.getInstance("EC");
    generator.initialize(new java.security.spec.ECGenParameterSpec("secp384r1"));
    String pem = Pem.write(Pem.PUBLIC_KEY, generator.generateKeyPair().getPublic().getEncoded());
    Path file = Files.writeString(data.resolve("p384.pub"), pem);
    assertRefused(ErrorCode.INVALID_PARAMETER, () -> readKey(file));
  }
}
