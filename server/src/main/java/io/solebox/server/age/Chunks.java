package io.solebox.server.age;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The pieces in which a file is sealed, each of which knows its place and whether it is the last.
 */
final class Chunks {
  /** Of each piece but the last, before it is sealed. */
  static final int BYTES = 64 << 10;

  static final int SEALED_BYTES = BYTES + AgeCrypto.TAG_BYTES;
  static final int SALT_BYTES = 16;

  private static final String LABEL = "payload";

  private final byte[] key;
  private long next;

  /**
   * @param salt of this file alone
   */
  Chunks(byte[] fileKey, byte[] salt) {
    this.key = AgeCrypto.derive(fileKey, salt, LABEL);
  }

  byte[] seal(byte[] text, int length, boolean last) {
    return AgeCrypto.seal(key, nonce(next++, last), text, length);
  }

  /** Empty where it is not the piece that has this place. */
  Optional<byte[]> open(byte[] sealed, int length, boolean last) {
    return AgeCrypto.open(key, nonce(next++, last), sealed, length);
  }

  /** Whether what did not open as the last piece is one before it. */
  boolean isInTheMiddle(byte[] sealed, int length) {
    return AgeCrypto.open(key, nonce(next - 1, false), sealed, length).isPresent();
  }

  private static byte[] nonce(long place, boolean last) {
    return ByteBuffer.allocate(AgeCrypto.NONCE_BYTES)
        .putLong(AgeCrypto.NONCE_BYTES - Long.BYTES - 1, place)
        .put(AgeCrypto.NONCE_BYTES - 1, (byte) (last ? 1 : 0))
        .array();
  }
}
