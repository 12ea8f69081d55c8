package io.solebox.store.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The SHA-256 of some bytes, by which a blob is named. Written {@code sha256:} and 64 lower-case
 * hexadecimal digits, as in OCI manifests.
 *
 * @param hex 64 digits
 */
public record Digest(String hex) {
  private static final int DIGITS = 64;
  private static final String ALGORITHM = "sha256:";
  private static final int READ_BYTES = 1 << 20;

  public Digest {
    if (!isDigest(hex)) {
      throw new IllegalArgumentException("not a SHA-256: " + hex);
    }
  }

  /** Reads {@code sha256:HEX}; empty where {@code text} is something else. */
  public static Optional<Digest> parse(String text) {
    return text.startsWith(ALGORITHM)
        ? ofHex(text.substring(ALGORITHM.length()))
        : Optional.empty();
  }

  /** Reads 64 digits alone; empty where {@code text} is something else. */
  public static Optional<Digest> ofHex(String text) {
    return isDigest(text) ? Optional.of(new Digest(text)) : Optional.empty();
  }

  public static Digest of(byte[] bytes) {
    return of(sha256(), bytes);
  }

  /**
   * Of what a file holds now.
   *
   * @param progress hears how many bytes each read brought
   */
  public static Digest of(Path file, LongConsumer progress) throws IOException {
    MessageDigest sha256 = sha256();
    ByteBuffer part = ByteBuffer.allocateDirect(READ_BYTES);
    try (FileChannel channel = FileChannel.open(file)) {
      for (int read = channel.read(part); read >= 0; read = channel.read(part)) {
        sha256.update(part.flip());
        part.clear();
        progress.accept(read);
      }
    }
    return ofFinished(sha256);
  }

  /** Without a pattern: lists of models read thousands of them before anything is compiled. */
  private static boolean isDigest(String text) {
    boolean digits = text.length() == DIGITS;
    for (int i = 0; digits && i < DIGITS; i++) {
      char c = text.charAt(i);
      digits = c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
    }
    return digits;
  }

  /** The digest of everything that {@code sha256} was given; it begins anew. */
  public static Digest ofFinished(MessageDigest sha256) {
    return new Digest(HexFormat.of().formatHex(sha256.digest()));
  }

  /** A fresh SHA-256, which every Java has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Digest of(MessageDigest sha256, byte[] bytes) {
    sha256.update(bytes);
    return ofFinished(sha256);
  }

  @Override
  public String toString() {
    return ALGORITHM + hex;
  }
}
