package io.solebox.store.sign;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** ECDSA on P-256 with SHA-256: the one algorithm of signatures here. Every Java has it. */
final class Ecdsa {
  private static final String CURVE = "secp256r1";
  private static final String OID_OF_CURVE = "1.2.840.10045.3.1.7";

  private Ecdsa() {}

  static KeyPair generate() {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a SubjectPublicKeyInfo; empty where it is none of this curve. */
  static Optional<ECPublicKey> publicKey(byte[] der) {
    try {
      PublicKey key = keys().generatePublic(new X509EncodedKeySpec(der));
      return Optional.of(key)
          .filter(ECPublicKey.class::isInstance)
          .map(ECPublicKey.class::cast)
          .filter(ec -> ec.getParams().toString().contains(OID_OF_CURVE));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  /** Reads a PKCS#8 private key; empty where it is none of an elliptic curve. */
  static Optional<PrivateKey> privateKey(byte[] der) {
    try {
      return Optional.of(keys().generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  /**
   * @throws InvalidKeyException for a key of another curve
   */
  static byte[] sign(PrivateKey key, byte[] message) throws InvalidKeyException {
    try {
      Signature signer = algorithm();
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (SignatureException e) {
      throw new InvalidKeyException(e);
    }
  }

  static boolean verify(ECPublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = algorithm();
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      return false; // no signature at all
    } catch (InvalidKeyException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Signature algorithm() {
    try {
      return Signature.getInstance("SHA256withECDSA");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyFactory keys() {
    try {
      return KeyFactory.getInstance("EC");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
