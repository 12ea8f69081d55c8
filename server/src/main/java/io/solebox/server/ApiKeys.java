package io.solebox.server;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The keys that open the API. Only their digests are kept. */
final class ApiKeys {
  static final int MIN_LENGTH = 16;

  private static final String REMEDY =
      "Write one key a line, for example: openssl rand -hex 24 > FILE && chmod 600 FILE";

  private final List<byte[]> digests;

  private ApiKeys(List<byte[]> digests) {
    this.digests = digests;
  }

  /**
   * @throws SoleboxException if the file cannot be read, is open to others, or has no key or a bad
   *     one
   */
  static ApiKeys read(Path file) {
    List<byte[]> digests = new ArrayList<>();
    try {
      refuseOpen(file);
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          check(line, file + ":" + (i + 1));
          digests.add(digest(line));
        }
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR, file.toString(), "The API key file cannot be read.", REMEDY, e);
    }
    if (digests.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER, file.toString(), "The API key file has no key.", REMEDY);
    }
    return new ApiKeys(digests);
  }

  /** Its group may read it, as for a service; nobody else may, and nobody else may write it. */
  private static void refuseOpen(Path file) throws IOException {
    var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    Set<PosixFilePermission> permissions = view.readAttributes().permissions();
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      throw open(file, "Every user of this machine can read the API key file.");
    }
    if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      throw open(file, "Other users of this machine can write the API key file.");
    }
  }

  private static SoleboxException open(Path file, String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, file.toString(), message, "Run: chmod 600 " + file);
  }

  private static void check(String key, String place) {
    boolean printable = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (key.length() < MIN_LENGTH || !printable) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "A key must have at least " + MIN_LENGTH + " characters, all printable ASCII.",
          REMEDY);
    }
  }

  /** Takes the same time whichever key matches, and if none does. */
  boolean contains(String key) {
    byte[] digest = digest(key);
    boolean found = false;
    for (byte[] known : digests) {
      found |= MessageDigest.isEqual(known, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has SHA-256
    }
  }
}
