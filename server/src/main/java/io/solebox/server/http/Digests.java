package io.solebox.server.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of files and keys. */
public final class Digests {
  private Digests() {}

  /** A new SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has SHA-256
    }
  }
}
