package io.solebox.server.seal;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * 256 bits with which something is sealed: AES-256-GCM, as {@code version (1 byte) nonce (12) text
 * tag (16)}. A nonce is random, so one key may seal some billions of texts before two of them are
 * likely to have the same.
 */
final class SecretKey {
  static final int BYTES = 32;

  /** Of a sealed text beside the text. */
  static final int MORE_BYTES = 1 + 12 + 16;

  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;
  private static final byte VERSION = 1;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final byte[] bytes;

  /**
   * @param bytes 32, this one's own from now on
   */
  SecretKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes");
    }
    this.bytes = bytes;
  }

  static SecretKey random() {
    return new SecretKey(randomBytes(BYTES));
  }

  static byte[] randomBytes(int count) {
    byte[] random = new byte[count];
    RANDOM.nextBytes(random);
    return random;
  }

  /** A copy, to be wrapped. */
  byte[] bytes() {
    return bytes.clone();
  }

  /**
   * @param bound what the text is bound to: it is opened with the same alone
   */
  byte[] seal(byte[] text, byte[] bound) {
    byte[] nonce = randomBytes(NONCE_BYTES);
    byte[] sealed = new byte[text.length + MORE_BYTES];
    sealed[0] = VERSION;
    System.arraycopy(nonce, 0, sealed, 1, NONCE_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce);
      cipher.updateAAD(sealed, 0, 1);
      cipher.updateAAD(bound);
      cipher.doFinal(text, 0, text.length, sealed, 1 + NONCE_BYTES);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has AES-GCM
    }
  }

  /** The text; empty where another key sealed it, or it was changed or moved since. */
  Optional<byte[]> open(byte[] sealed, byte[] bound) {
    if (sealed.length < MORE_BYTES || sealed[0] != VERSION) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES));
      cipher.updateAAD(sealed, 0, 1);
      cipher.updateAAD(bound);
      return Optional.of(cipher.doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For pieces of one thing, whose nonces the caller counts. */
  Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(bytes, "AES"), new GCMParameterSpec(TAG_BYTES * 8, nonce));
    return cipher;
  }

  /** Another key, which follows from this one and nothing but this one and {@code salt}. */
  SecretKey derived(byte[] salt, byte[] purpose) {
    try {
      return new SecretKey(
          KDF.getInstance("HKDF-SHA256")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(bytes)
                      .addSalt(salt)
                      .thenExpand(purpose, BYTES)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java from 25 on has it
    }
  }

  @Override
  public String toString() {
    return "a key"; // and never which
  }
}
