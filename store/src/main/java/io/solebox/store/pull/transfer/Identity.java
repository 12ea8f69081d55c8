package io.solebox.store.pull.transfer;

import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** By which the bytes of a file are known, whoever gives them. */
public sealed interface Identity {
  /** Of the content; files that are stored beside a repository have it. */
  record Sha256(Digest digest) implements Identity {}

  /**
   * Of a file inside a git repository: SHA-1 of {@code blob}, a space, the length, a zero byte and
   * the content.
   *
   * @param hex 40 digits
   */
  record GitBlob(String hex) implements Identity {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}");
    private static final int READ_BYTES = 1 << 16;

    public GitBlob {
      if (!HEX.matcher(hex).matches()) {
        throw new IllegalArgumentException("not a SHA-1: " + hex);
      }
    }

    boolean matches(Path file) throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
        sha1.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
        byte[] part = new byte[READ_BYTES];
        for (int read = in.read(part); read >= 0; read = in.read(part)) {
          sha1.update(part, 0, read);
        }
        return HexFormat.of().formatHex(sha1.digest()).equals(hex);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every Java has it
      }
    }
  }

  /** For a name in the file system: of equal things equal. */
  default String key() {
    return switch (this) {
      case Sha256(Digest digest) -> digest.hex();
      case GitBlob(String hex) -> hex;
    };
  }
}
