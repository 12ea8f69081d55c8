package io.solebox.server.metrics;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** How often values of which size were seen. Safe for many threads; to observe takes no lock. */
public final class Histogram {
  private final Buckets buckets;
  private final AtomicLongArray counts;
  private final LongAdder sum = new LongAdder();

  public Histogram(Buckets buckets) {
    this.buckets = buckets;
    this.counts = new AtomicLongArray(buckets.count());
  }

  /**
   * @param value not negative
   */
  public void observe(long value) {
    counts.incrementAndGet(buckets.of(value));
    sum.add(value);
  }

  Buckets buckets() {
    return buckets;
  }

  /**
   * How many values were seen, at most as large as each bucket's bound; the last is all of them.
   */
  long[] cumulative() {
    long[] totals = new long[buckets.count()];
    long total = 0;
    for (int i = 0; i < totals.length; i++) {
      total += counts.get(i);
      totals[i] = total;
    }
    return totals;
  }

  /** How many values were seen. */
  public long count() {
    return cumulative()[buckets.count() - 1];
  }

  /** Of all values, in the unit that readers see. */
  public double total() {
    return sum.sum() / buckets.perUnit();
  }
}
