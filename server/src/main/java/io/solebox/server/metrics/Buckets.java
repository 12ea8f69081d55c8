package io.solebox.server.metrics;

import java.util.Arrays;

/**
 * How a histogram counts.
 *
 * @param bounds the largest value of each bucket but the last, ascending, as values are observed
 * @param perUnit how much of an observed value is one of what readers see: 1e9 for nanoseconds that
 *     are shown in seconds
 */
public record Buckets(long[] bounds, double perUnit) {
  private static final double NANOS = 1e9;

  /** From a millisecond, as a token takes, to ten seconds. */
  public static final Buckets TOKEN_TIMES =
      seconds(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10);

  /** From milliseconds to half an hour, as a request may take. */
  public static final Buckets REQUEST_TIMES =
      seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800);

  /** Of a prompt or an answer. */
  public static final Buckets TOKENS =
      new Buckets(
          new long[] {
            1, 4, 16, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072
          },
          1);

  public Buckets {
    bounds = bounds.clone();
  }

  private static Buckets seconds(double... bounds) {
    return new Buckets(
        Arrays.stream(bounds).mapToLong(s -> Math.round(s * NANOS)).toArray(), NANOS);
  }

  @Override
  public long[] bounds() {
    return bounds.clone();
  }

  int count() {
    return bounds.length + 1;
  }

  /** The bucket that a value belongs to. */
  int of(long value) {
    int at = Arrays.binarySearch(bounds, value);
    return at >= 0 ? at : -at - 1;
  }

  /** The largest value of a bucket but the last, in the unit that readers see. */
  double bound(int bucket) {
    return bounds[bucket] / perUnit;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Buckets(long[] b, double p) && Arrays.equals(b, bounds) && p == perUnit;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }
}
