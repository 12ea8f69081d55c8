package io.solebox.engine.constrain.match;

import io.solebox.engine.error.SoleboxException;

/** How much may be done for one byte of a text. Owned by one thread. */
final class WorkLimit {
  private static final int MAX_WORK = 200_000;

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

  void clear() {
    work = 0;
  }
}
