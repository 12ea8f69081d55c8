package io.solebox.app.smoke;

import io.solebox.app.bench.report.Trace.Moment;
import io.solebox.engine.backend.trial.BurnSample;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How fast a card computed over time. Samples come from the trial's thread; safe for several. */
final class Rates {
  /** Passes are shorter than anybody looks. */
  private static final int BUCKETS_A_SECOND = 2;

  private final TreeMap<Long, Bucket> buckets = new TreeMap<>();

  private static final class Bucket {
    private double sum;
    private long count;

    private double mean() {
      return sum / count;
    }
  }

  synchronized void add(BurnSample sample) {
    long at = sample.at().toMillis() * BUCKETS_A_SECOND / 1000;
    Bucket bucket = buckets.computeIfAbsent(at, _ -> new Bucket());
    bucket.sum += sample.operationsPerSecond();
    bucket.count++;
  }

  /** The mean of what came last; empty before anything did. */
  synchronized OptionalDouble last() {
    return buckets.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of(buckets.lastEntry().getValue().mean());
  }

  /** The median from a second on; empty where it did not go on for so long. */
  synchronized OptionalDouble settled(double from) {
    Collection<Bucket> rest = buckets.tailMap((long) Math.ceil(from * BUCKETS_A_SECOND)).values();
    double[] sorted = rest.stream().mapToDouble(Bucket::mean).sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }

  /**
   * In 10^12 a second.
   *
   * @param begin of the burn, in seconds of the run
   */
  synchronized List<Moment> moments(double begin) {
    List<Moment> moments = new ArrayList<>();
    buckets.forEach(
        (at, bucket) ->
            moments.add(new Moment(begin + (double) at / BUCKETS_A_SECOND, bucket.mean() / 1e12)));
    return moments;
  }
}
