package io.solebox.engine.constrain.pattern;

import io.solebox.engine.regex.RegexException;

/**
 * What the making of one grammar may take, of time and of memory: its patterns, sets of strings and
 * numbers, ways to combine schemas, and rules all draw on the same, so that no number of them takes
 * more than one of them may. Owned by the thread that makes the grammar.
 */
public final class Budget {
  /** A unit is some 20 ns of work, or some 8 bytes that are kept meanwhile. */
  private static final long UNITS = 60_000_000;

  private long left;

  public Budget() {
    this(UNITS);
  }

  Budget(long units) {
    this.left = units;
  }

  /**
   * @throws RegexException if that is more than is left; so is whatever is asked for afterwards
   */
  public void spend(long units) {
    left -= units;
    if (left < 0) {
      throw new RegexException("it takes more work than one grammar may take in all");
    }
  }
}
