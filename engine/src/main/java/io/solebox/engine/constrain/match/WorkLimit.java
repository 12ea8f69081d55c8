package io.solebox.engine.constrain.match;

import io.solebox.engine.error.SoleboxException;

/**
 * How much may be done for one place of an answer: as much as takes a few tenths of a second. Owned
 * by one thread at a time.
 */
final class WorkLimit {
  private static final int MAX_WORK = 1_000_000;

  private int work;

  /**
   * @throws SoleboxException {@code BAD_GRAMMAR}
   */
  void add(int steps) {
    work += steps;
    if (work > MAX_WORK) {
      throw GrammarChecks.bad(
          "The grammar lets the same text be read in too many ways",
          "Write it so that the next character decides between alternatives.");
    }
  }

  void renew() {
    work = 0;
  }
}
