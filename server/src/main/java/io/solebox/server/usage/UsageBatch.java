package io.solebox.server.usage;

import io.solebox.server.limits.Used;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Charges that are written to the table together, once: the table remembers up to which number it
 * has those of a journal. Owned by one thread.
 */
final class UsageBatch {
  private final Map<UsageKey, Used> sums = new LinkedHashMap<>();
  private long last;

  /**
   * @param number of the charge in its journal, larger than that before
   */
  void add(long number, UsageKey key, Used used) {
    sums.merge(key, used, Used::plus);
    last = number;
  }

  Map<UsageKey, Used> sums() {
    return sums;
  }

  /** The number of the last charge in it. */
  long last() {
    return last;
  }

  boolean isEmpty() {
    return sums.isEmpty();
  }
}
