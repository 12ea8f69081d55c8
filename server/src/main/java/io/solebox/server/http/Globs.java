package io.solebox.server.http;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Names as people write them, in any case: {@code *} stands for any characters, {@code ?} for one.
 *
 * @param patterns of which one must match; none for nothing at all
 * @param further that must match, too
 */
public record Globs(List<String> patterns, List<Globs> further) {
  /** Whatever the name. */
  public static final Globs ALL = new Globs(List.of("*"));

  /** No name. */
  public static final Globs NONE = new Globs(List.of());

  public Globs {
    patterns = List.copyOf(patterns);
    further = List.copyOf(further);
  }

  public Globs(List<String> patterns) {
    this(patterns, List.of());
  }

  /** Whether whatever there is matches. */
  public boolean matchesAll() {
    return patterns.contains("*") && further.stream().allMatch(Globs::matchesAll);
  }

  public boolean matches(String name) {
    return patterns.stream().anyMatch(p -> match(lower(p), lower(name)))
        && further.stream().allMatch(more -> more.matches(name));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Goes back to the last star alone, so that it takes no longer than both lengths multiplied. */
  private static boolean match(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = pattern.length(); // of the last star, if one was met
    int retry = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star < pattern.length()) {
        p = star + 1;
        n = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  /** Names that match both. */
  public Globs and(Globs other) {
    if (matchesAll() || other.matchesAll()) {
      return matchesAll() ? other : this;
    }
    return new Globs(patterns, Stream.concat(further.stream(), Stream.of(other)).toList());
  }

  /** The patterns, with spaces between them. */
  public String text() {
    return String.join(" ", patterns);
  }
}
