package io.solebox.server.box;

import io.solebox.engine.error.SoleboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key by which others know what this box has signed: Ed25519, one for each box. Its private
 * half leaves this package in no form.
 */
public final class BoxKey {
  /** Of the file in the box's folder. */
  static final String FILE = "box-signing.pem";

  private static final byte[] PROBE = {1};

  private final PrivateKey secret;
  private final PublicKey publicKey;

  private BoxKey(PrivateKey secret, PublicKey publicKey) {
    this.secret = secret;
    this.publicKey = publicKey;
  }

  /**
   * The box's key, which is made where there is none. Whoever asks at the same time, in this
   * process or another, gets the same one.
   *
   * @param folder of the server's state; made where it is missing
   * @throws SoleboxException {@code ACCESS_DENIED} where others may read or change the file; {@code
   *     INVALID_PARAMETER} where it is no key; {@code IO_ERROR}
   */
  public static BoxKey in(Path folder) {
    return new KeyFile(folder.resolve(FILE)).readOrMake();
  }

  /** Whether a folder has a key; it is not made. */
  public static boolean existsIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /**
   * The box's key, where it has one.
   *
   * @throws SoleboxException as {@link #in}
   */
  public static Optional<BoxKey> kept(Path folder) {
    return new KeyFile(folder.resolve(FILE)).read();
  }

  /** One that is kept nowhere. */
  public static BoxKey generate() {
    KeyPair pair = Ed25519.generate();
    return new BoxKey(pair.getPrivate(), pair.getPublic());
  }

  /**
   * The key of a PEM text with two blocks: PKCS#8, and the public half, which Java does not
   * compute. Empty where one is missing, or they are halves of different keys.
   */
  static Optional<BoxKey> read(String pem) {
    Optional<PrivateKey> secret = Pem.read(Pem.PRIVATE_KEY, pem).flatMap(Ed25519::privateKey);
    Optional<PublicKey> half = publicKey(pem);
    if (secret.isEmpty() || half.isEmpty()) {
      return Optional.empty();
    }
    byte[] signature = Ed25519.sign(secret.get(), PROBE);
    return Optional.of(new BoxKey(secret.get(), half.get()))
        .filter(_ -> verify(half.get(), PROBE, signature));
  }

  /** What {@link #read} reads; for a file that nobody else may read. */
  String secretPem() {
    return Pem.write(Pem.PRIVATE_KEY, secret.getEncoded()) + pem();
  }

  /** 64 bytes. */
  public byte[] sign(byte[] message) {
    return Ed25519.sign(secret, message);
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** {@link #fingerprint(PublicKey)} of its public half. */
  public String fingerprint() {
    return fingerprint(publicKey);
  }

  /** The public half as {@code openssl pkey -pubout} writes it. */
  public String pem() {
    return Pem.write(Pem.PUBLIC_KEY, publicKey.getEncoded());
  }

  /** The SHA-256 of the SubjectPublicKeyInfo, in 64 hexadecimal digits. */
  public static String fingerprint(PublicKey key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The Ed25519 key of a PEM text, as {@link #pem} writes it; empty where it holds none. */
  public static Optional<PublicKey> publicKey(String pem) {
    return Pem.read(Pem.PUBLIC_KEY, pem).flatMap(Ed25519::publicKey);
  }

  /** The Ed25519 key of a SubjectPublicKeyInfo; empty where it is none. */
  public static Optional<PublicKey> publicKey(byte[] der) {
    return Ed25519.publicKey(der);
  }

  /**
   * Whether a key has signed a message.
   *
   * @param key of Ed25519
   */
  public static boolean verify(PublicKey key, byte[] message, byte[] signature) {
    return Ed25519.verify(key, message, signature);
  }

  @Override
  public String toString() {
    return "box " + fingerprint();
  }
}
