package io.solebox.server.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;

/** Pairs of keys. */
final class Keys {
  private Keys() {}

  /** Whether the two are one pair, by a signature: what one makes the other confirms. */
  static boolean fit(PrivateKey key, PublicKey other) {
    try {
      byte[] message = new byte[32];
      new SecureRandom().nextBytes(message);
      Signature signature = Signature.getInstance(algorithm(key));
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(other);
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false; // of different kinds
    }
  }

  private static String algorithm(PrivateKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> key.getAlgorithm(); // EdDSA is a signature's name, too
    };
  }
}
