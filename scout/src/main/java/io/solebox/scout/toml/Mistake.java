package io.solebox.scout.toml;

import java.util.Comparator;

/**
 * Something in a file that its owner has to put right.
 *
 * @param line from 1
 * @param column from 1
 * @param what in words, without a full stop; it shows no secret
 */
public record Mistake(int line, int column, String what) {
  /** As the file is read. */
  public static final Comparator<Mistake> IN_ORDER =
      Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column);

  /** As compilers write it. */
  public String in(String file) {
    return "%s:%d:%d: %s".formatted(file, line, column, what);
  }
}
