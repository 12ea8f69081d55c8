package io.solebox.server.receipts;

import io.solebox.server.http.Digests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * 256 random bits of one receipt, without which its digests tell nothing: a short prompt could be
 * guessed from a plain digest. A receipt that is shown without its salt proves all that it says,
 * and gives nobody a way to try prompts; its digest in the signed part holds it to this one salt.
 */
public final class Salt {
  static final int BYTES = 32;

  /** As many as a receipt has room for, however long the answer is. */
  private static final int MOST_BLOCKS = 64;

  private static final int LEAST_BLOCK_TOKENS = 16;
  private static final int BLOCK_BYTES = 4;
  private static final HexFormat HEX = HexFormat.of();

  private final byte[] bytes;

  private Salt(byte[] bytes) {
    this.bytes = bytes;
  }

  /** From the system's randomness. */
  public static Salt random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Salt(bytes);
  }

  /** Of 64 hexadecimal digits in lower case; empty for anything else. */
  static Optional<Salt> of(String hex) {
    return Hex.bytes(hex, BYTES).map(Salt::new);
  }

  String hex() {
    return HEX.formatHex(bytes);
  }

  /** Of the salt itself. */
  String digest() {
    return HEX.formatHex(Digests.sha256().digest(bytes));
  }

  /**
   * SHA-256 of the salt, a word and ids.
   *
   * @param word what they are, in six letters: {@code prompt} or {@code answer}
   * @param ids each as a little-endian int32
   */
  String digest(String word, int[] ids) {
    MessageDigest digest = begin(word);
    digest.update(littleEndian(ids, 0, ids.length));
    return HEX.formatHex(digest.digest());
  }

  /** SHA-256 of the salt, a word of six letters and a text in UTF-8. */
  String digest(String word, String text) {
    MessageDigest digest = begin(word);
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return HEX.formatHex(digest.digest());
  }

  private MessageDigest begin(String word) {
    MessageDigest digest = Digests.sha256();
    digest.update(bytes);
    digest.update(word.getBytes(StandardCharsets.US_ASCII));
    return digest;
  }

  /** How many ids there are from one of {@link #blocks} to the next. */
  static int blockTokens(int ids) {
    int tokens = LEAST_BLOCK_TOKENS;
    while (ids / tokens > MOST_BLOCKS) {
      tokens *= 2;
    }
    return tokens;
  }

  /**
   * What tells where two answers part: the first 4 bytes of the digest of the first block, of the
   * first two, and so on, as one string of hexadecimal digits. What is behind the last whole block
   * is in {@link #digest(String, int[])} alone.
   */
  String blocks(String word, int[] ids) {
    int tokens = blockTokens(ids.length);
    MessageDigest all = begin(word);
    StringBuilder text = new StringBuilder();
    for (int end = tokens; end <= ids.length; end += tokens) {
      all.update(littleEndian(ids, end - tokens, end));
      text.append(HEX.formatHex(copy(all).digest(), 0, BLOCK_BYTES));
    }
    return text.toString();
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(e); // those of the JDK can
    }
  }

  private static byte[] littleEndian(int[] ids, int from, int to) {
    ByteBuffer bytes =
        ByteBuffer.allocate((to - from) * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids, from, to - from);
    return bytes.array();
  }
}
