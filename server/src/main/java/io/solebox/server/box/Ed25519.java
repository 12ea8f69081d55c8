package io.solebox.server.box;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;

/** Signatures of RFC 8032, by the JDK's own implementation. */
final class Ed25519 {
  private static final String NAME = NamedParameterSpec.ED25519.getName();

  private Ed25519() {}

  static KeyPair generate() {
    try {
      return KeyPairGenerator.getInstance(NAME).generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a SubjectPublicKeyInfo; empty where it is none of this kind. */
  static Optional<PublicKey> publicKey(byte[] der) {
    try {
      return Optional.of(keys().generatePublic(new X509EncodedKeySpec(der)))
          .filter(
              key ->
                  key instanceof EdECPublicKey edwards
                      && edwards.getParams().getName().equals(NAME));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  /** Reads PKCS#8; empty where it is no private key of this kind. */
  static Optional<PrivateKey> privateKey(byte[] der) {
    try {
      return Optional.of(keys().generatePrivate(new PKCS8EncodedKeySpec(der)))
          .filter(
              key ->
                  key instanceof EdECPrivateKey edwards
                      && edwards.getParams().getName().equals(NAME));
    } catch (InvalidKeySpecException e) {
      return Optional.empty();
    }
  }

  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signer = algorithm();
      signer.initSign(key);
      signer.update(message);
      return signer.sign();
    } catch (InvalidKeyException | SignatureException e) {
      throw new IllegalStateException(e);
    }
  }

  static boolean verify(PublicKey key, byte[] message, byte[] signature) {
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
      return Signature.getInstance(NAME);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyFactory keys() {
    try {
      return KeyFactory.getInstance(NAME);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
