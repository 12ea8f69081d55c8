package io.solebox.server.params;

import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Finds what a misspelt name may stand for. */
final class Spelling {
  private static final int MAX_LENGTH = 40;
  private static final int MAX_DISTANCE = 2;

  private Spelling() {}

  static Optional<String> nearest(String name, Set<String> known) {
    if (name.length() > MAX_LENGTH || name.length() <= MAX_DISTANCE) {
      return Optional.empty();
    }
    return known.stream()
        .filter(candidate -> distance(name, candidate) <= MAX_DISTANCE)
        .min(Comparator.comparingInt((String c) -> distance(name, c)).thenComparing(c -> c));
  }

  /** Letters to change, add or leave out (Levenshtein 1966). */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(above[j - 1] + change, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}
