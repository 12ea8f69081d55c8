package io.solebox.store.sign;

import io.solebox.store.blob.Digest;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/**
 * The public half of a key: what tells who has signed something.
 *
 * @param key on P-256
 */
public record VerifyKey(ECPublicKey key) {
  /** The key of a PEM text (SubjectPublicKeyInfo); empty where it holds none on P-256. */
  static Optional<VerifyKey> read(String pem) {
    return Pem.read(Pem.PUBLIC_KEY, pem).flatMap(Ecdsa::publicKey).map(VerifyKey::new);
  }

  /** As {@code openssl pkey -pubout} writes it. */
  public String pem() {
    return Pem.write(Pem.PUBLIC_KEY, key.getEncoded());
  }

  /**
   * The SHA-256 of the PEM text in 64 hexadecimal digits: the hint by which signatures of OpenSSF
   * Model Signing name their key, and what {@code sha256sum} prints of the file.
   */
  public String fingerprint() {
    return Digest.of(pem().getBytes(StandardCharsets.US_ASCII)).hex();
  }

  boolean verifies(byte[] message, byte[] signature) {
    return Ecdsa.verify(key, message, signature);
  }
}
