package io.solebox.server.age;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The parts of age that every Java has. */
final class AgeCrypto {
  /** Of the key of a file. */
  static final int FILE_KEY_BYTES = 16;

  static final int KEY_BYTES = 32;
  static final int TAG_BYTES = 16;
  static final int NONCE_BYTES = 12;

  private static final SecureRandom RANDOM = new SecureRandom();

  private AgeCrypto() {}

  static byte[] random(int count) {
    byte[] bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** HKDF-SHA-256 (RFC 5869). */
  static byte[] derive(byte[] secret, byte[] salt, String info) {
    HKDFParameterSpec.Builder extract = HKDFParameterSpec.ofExtract().addIKM(secret);
    if (salt.length > 0) {
      extract = extract.addSalt(salt);
    }
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveData(extract.thenExpand(info.getBytes(StandardCharsets.US_ASCII), KEY_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  static byte[] mac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Wraps the key of a file with a key that wraps nothing else. */
  static byte[] wrap(byte[] key, byte[] fileKey) {
    return seal(key, new byte[NONCE_BYTES], fileKey, fileKey.length);
  }

  /** Empty where the key is another one. */
  static Optional<byte[]> unwrap(byte[] key, byte[] body) {
    return body.length == FILE_KEY_BYTES + TAG_BYTES
        ? open(key, new byte[NONCE_BYTES], body, body.length)
        : Optional.empty();
  }

  /** ChaCha20-Poly1305 (RFC 8439) of the first bytes of a text. */
  static byte[] seal(byte[] key, byte[] nonce, byte[] text, int length) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, key, nonce).doFinal(text, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Empty where something was changed, or the key is another one. */
  static Optional<byte[]> open(byte[] key, byte[] nonce, byte[] sealed, int length) {
    try {
      return Optional.of(cipher(Cipher.DECRYPT_MODE, key, nonce).doFinal(sealed, 0, length));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(mode, new SecretKeySpec(key, "ChaCha20"), new IvParameterSpec(nonce));
    return cipher;
  }

  static byte[] join(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
