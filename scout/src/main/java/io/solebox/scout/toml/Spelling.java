package io.solebox.scout.toml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a misspelt name may stand for. */
public final class Spelling {
  private static final int MAX_LENGTH = 60;

  private Spelling() {}

  /** The likest of the names that are there, where one is like it. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    int most = Math.max(1, Math.min(3, name.length() / 3));
    return name.length() > MAX_LENGTH
        ? Optional.empty()
        : known.stream()
            .filter(each -> distance(name, each) <= most)
            .min(
                Comparator.comparingInt((String each) -> distance(name, each))
                    .thenComparing(Comparator.naturalOrder()));
  }

  /** As a question behind what is wrong; empty where nothing is like it. */
  public static String hint(String name, Collection<String> known) {
    return nearest(name, known).map(each -> "; did you mean '" + each + "'?").orElse("");
  }

  /** Letters to change, add or leave out (Levenshtein 1966), hyphens being as good as lines. */
  private static int distance(String first, String second) {
    String a = first.toLowerCase(Locale.ROOT).replace('-', '_');
    String b = second.toLowerCase(Locale.ROOT).replace('-', '_');
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
        } else {
          int changed = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
          cost[i][j] = Math.min(changed, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
