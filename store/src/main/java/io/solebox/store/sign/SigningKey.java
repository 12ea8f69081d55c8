package io.solebox.store.sign;

import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/** A key that signs, with its public half. Its private half leaves this package in no form. */
public final class SigningKey {
  private static final byte[] PROBE = {1};

  private final PrivateKey secret;
  private final VerifyKey verifyKey;

  private SigningKey(PrivateKey secret, VerifyKey verifyKey) {
    this.secret = secret;
    this.verifyKey = verifyKey;
  }

  /** A new one, from the system's randomness. */
  public static SigningKey generate() {
    KeyPair pair = Ecdsa.generate();
    return new SigningKey(pair.getPrivate(), new VerifyKey((ECPublicKey) pair.getPublic()));
  }

  /**
   * The key of a PEM text with two blocks: PKCS#8, and the public half, which Java does not
   * compute. Empty where one is missing, on another curve, or they are halves of different keys.
   */
  static Optional<SigningKey> read(String pem) {
    Optional<PrivateKey> secret = Pem.read(Pem.PRIVATE_KEY, pem).flatMap(Ecdsa::privateKey);
    Optional<VerifyKey> half = VerifyKey.read(pem);
    if (secret.isEmpty() || half.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] signature = Ecdsa.sign(secret.get(), PROBE);
      return Optional.of(new SigningKey(secret.get(), half.get()))
          .filter(_ -> half.get().verifies(PROBE, signature));
    } catch (InvalidKeyException e) {
      return Optional.empty();
    }
  }

  /** What {@link #read} reads; for a file that nobody else may read. */
  String pem() {
    return Pem.write(Pem.PRIVATE_KEY, secret.getEncoded()) + verifyKey.pem();
  }

  public VerifyKey verifyKey() {
    return verifyKey;
  }

  /**
   * Signs a payload in an envelope.
   *
   * @param payloadType a media type, which is signed with it
   */
  public Envelope sign(String payloadType, byte[] payload) {
    try {
      byte[] signature =
          Ecdsa.sign(secret, Envelope.preAuthenticationEncoding(payloadType, payload));
      return new Envelope(payloadType, payload, signature, verifyKey.fingerprint());
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }
}
