package io.solebox.server.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;

/**
 * The pieces of a sealed file: {@code version (1 byte) salt (32)}, and then pieces of {@value
 * #BYTES} bytes, the last one shorter, maybe empty, each with its tag. A key that follows from the
 * owner's, the salt and the file's id seals them; nonces count them and mark the last, so that none
 * can be left out, repeated, moved or cut off.
 *
 * <p>Source: the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015, as the format
 * of age has it.
 */
final class Pieces {
  static final int BYTES = 64 << 10;
  static final int SALT_BYTES = 32;
  static final byte VERSION = 1;

  private final SecretKey key;
  private long next;

  Pieces(SecretKey ownerKey, byte[] salt, String file) {
    byte[] purpose = ("solebox file " + file).getBytes(StandardCharsets.UTF_8);
    this.key = ownerKey.derived(salt, purpose);
  }

  byte[] seal(byte[] piece, int length, boolean last) {
    try {
      return key.cipher(Cipher.ENCRYPT_MODE, nonce(last)).doFinal(piece, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has AES-GCM
    }
  }

  /** Empty where it is not the next piece. */
  Optional<byte[]> open(byte[] sealed, int length, boolean last) {
    try {
      return Optional.of(key.cipher(Cipher.DECRYPT_MODE, nonce(last)).doFinal(sealed, 0, length));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] nonce(boolean last) {
    return ByteBuffer.allocate(SecretKey.NONCE_BYTES).putInt(last ? 1 : 0).putLong(next++).array();
  }
}
