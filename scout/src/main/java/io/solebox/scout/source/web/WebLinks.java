package io.solebox.scout.source.web;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/** What strangers write where an address or an id is to be. */
public final class WebLinks {
  private static final int MOST = 2000;
  private static final int MOST_ID = 200;

  private WebLinks() {}

  /** An address of the web, as seen from where it is written; empty for what is none. */
  public static Optional<URI> of(URI from, String text) {
    if (text.isBlank() || text.length() > MOST) {
      return Optional.empty();
    }
    try {
      URI uri = from.resolve(text.strip().replace(" ", "%20"));
      boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equals(uri.getScheme());
      return web && uri.getHost() != null && uri.getRawUserInfo() == null
          ? Optional.of(uri)
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** An id as it is, or a hash of one that is too long. */
  public static String id(String text) {
    if (text.length() <= MOST_ID) {
      return text;
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
