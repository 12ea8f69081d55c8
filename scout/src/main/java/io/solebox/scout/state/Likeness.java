package io.solebox.scout.state;

import io.solebox.scout.item.Hashes;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Sighting;
import java.util.List;
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
    return Hashes.of(List.of(seen.key().market(), seller, words, seen.key().variation()));
  }
}
