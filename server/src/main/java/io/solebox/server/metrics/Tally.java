package io.solebox.server.metrics;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts by a key. Safe for many threads.
 *
 * @param <K> of which there must be few: each is a series for ever
 */
public final class Tally<K extends Comparable<K>> {
  private final Map<K, LongAdder> counts = new ConcurrentHashMap<>();

  public void add(K key) {
    counts.computeIfAbsent(key, _ -> new LongAdder()).increment();
  }

  /** In order of the keys. */
  public Map<K, Long> totals() {
    Map<K, Long> totals = new TreeMap<>();
    counts.forEach((key, count) -> totals.put(key, count.sum()));
    return totals;
  }
}
