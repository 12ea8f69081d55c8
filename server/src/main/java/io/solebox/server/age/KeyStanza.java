package io.solebox.server.age;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The key of a file, wrapped for whoever has a secret key. */
final class KeyStanza {
  static final String KIND = "X25519";

  private static final String LABEL = "age-encryption.org/v1/X25519";
  private static final int KEY = AgeCrypto.KEY_BYTES;

  private KeyStanza() {}

  static Stanza wrap(AgeLock.ForKey lock, byte[] fileKey) {
    byte[] once = AgeCrypto.random(KEY);
    byte[] share = publicKey(once);
    byte[] shared =
        agree(once, lock.key())
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.INVALID_PARAMETER,
                        lock.toString(),
                        "This is the public key of nobody.",
                        "Give one that 'age-keygen' has shown."));
    byte[] key = AgeCrypto.derive(shared, AgeCrypto.join(share, lock.key()), LABEL);
    return new Stanza(List.of(KIND, AgeHeader.base64(share)), AgeCrypto.wrap(key, fileKey));
  }

  /** Empty where it is for somebody else. */
  static Optional<byte[]> unwrap(Stanza stanza, byte[] secret, String place) {
    List<String> words = stanza.arguments();
    byte[] share = words.size() == 2 ? AgeHeader.bytes(words.get(1), place) : new byte[0];
    if (share.length != KEY) {
      throw AgeFault.damaged(place, "what it says of its key cannot be read");
    }
    return agree(secret, share)
        .map(shared -> AgeCrypto.derive(shared, AgeCrypto.join(share, publicKey(secret)), LABEL))
        .flatMap(key -> AgeCrypto.unwrap(key, stanza.body()));
  }

  /** The public half of a secret. */
  static byte[] publicKey(byte[] secret) {
    byte[] half = new byte[KEY];
    X25519.scalarMultBase(secret, 0, half, 0);
    return half;
  }

  /** RFC 7748; empty where the other half is a point of low order, which agrees with everybody. */
  private static Optional<byte[]> agree(byte[] secret, byte[] other) {
    byte[] shared = new byte[KEY];
    return X25519.calculateAgreement(secret, 0, other, 0, shared, 0)
        ? Optional.of(shared)
        : Optional.empty();
  }
}
