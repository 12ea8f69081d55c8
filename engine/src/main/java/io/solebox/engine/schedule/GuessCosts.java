package io.solebox.engine.schedule;

import io.solebox.engine.draft.Drafter;

/**
 * What guessing takes, as measured: an id of a guess, and an id of the way to where a drafter can
 * guess at all, which is long behind a prompt.
 */
final class GuessCosts {
  /** Further behind than a guess that was taken back leaves a drafter. */
  private static final int FAR = Drafter.MAX_TOKENS + 1;

  /** What an id of a way takes of a step of the answer, until it is measured. */
  private static final double UNMEASURED = 0.01;

  private final LeastOfFew perId = new LeastOfFew();
  private final LeastOfFew perIdOfWay = new LeastOfFew();

  /** Whether a drafter that is so many ids behind has a way to go first. */
  static boolean isFar(int behind) {
    return behind > FAR;
  }

  /** Nanoseconds for a further id of a guess; 0 as long as nothing is known. */
  double ofId() {
    return perId.nanos();
  }

  /**
   * Nanoseconds for a way.
   *
   * @param stepNanos of a step of the answer
   */
  double ofWay(int ids, double stepNanos) {
    return ids * (perIdOfWay.isKnown() ? perIdOfWay.nanos() : UNMEASURED * stepNanos);
  }

  /**
   * A call of the drafter took {@code nanos}.
   *
   * @param longest ids of the longest guess
   * @param gone ids of ways that were gone
   * @return nanoseconds of them that are to be charged for guesses; the others were for ways
   */
  double took(long nanos, int longest, int gone) {
    if (gone > 0) {
      double guesses = Math.min(nanos, longest * perId.nanos());
      perIdOfWay.took((long) ((nanos - guesses) / gone));
      return guesses;
    }
    // The first guess does not count, as a first step does not: it may have waited for a compiler.
    boolean counts = longest == 0 || perId.took(nanos / longest);
    return counts ? nanos : 0;
  }
}
