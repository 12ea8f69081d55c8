package io.solebox.engine.schedule;

import java.util.Arrays;

/**
 * What something takes, by the least of its last few times, since whatever else the machine does
 * only adds to it. The first time does not count: it may have waited for a compiler.
 */
final class LeastOfFew {
  private static final int KEPT = 4;

  private final long[] nanos = new long[KEPT];
  private int count;
  private boolean begun;

  /** Whether it tells anything. */
  boolean took(long some) {
    if (!begun) {
      begun = true;
      return false;
    }
    nanos[count++ % KEPT] = some;
    return true;
  }

  boolean isKnown() {
    return count > 0;
  }

  /** 0 as long as nothing is known. */
  double nanos() {
    return Arrays.stream(nanos, 0, Math.min(count, KEPT)).min().orElse(0);
  }

  /** What was measured is no longer true. */
  void forget() {
    count = 0;
  }
}
