package io.solebox.scout.state;

import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * By what a thing is known again that its seller lists anew: the same seller, the same words. Only
 * a hash is kept.
 */
final class Likeness {
  private Likeness() {}

  static String of(Sighting seen) {
    String seller = seen.seller().map(Seller::key).orElse("");
    String words =
        seen.title().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", " ").strip();
    return hash(seen.key().market(), seller, words, seen.key().variation());
  }

  /** Of texts, each apart from the next. */
  static String hash(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(Integer.toString(bytes.length).getBytes(StandardCharsets.UTF_8));
        digest.update((byte) ':');
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
