package io.solebox.server.metrics;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * A page of metrics in <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">
 * Prometheus' text format</a>. All samples of a metric stand together, behind its name and type.
 * Owned by one thread.
 */
public final class Exposition {
  /** What a metric's values mean. */
  public enum MetricType {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY
  }

  private final StringBuilder text = new StringBuilder();
  private final Set<String> begun = new HashSet<>();
  private String name = "";

  /**
   * Begins a metric.
   *
   * @param help one line
   */
  public Exposition metric(String newName, MetricType type, String help) {
    if (!begun.add(newName)) {
      throw new IllegalStateException(newName + " begins twice");
    }
    name = newName;
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ');
    text.append(
            switch (type) {
              case COUNTER -> "counter";
              case GAUGE -> "gauge";
              case HISTOGRAM -> "histogram";
              case SUMMARY -> "summary";
            })
        .append('\n');
    return this;
  }

  /** A sample of the metric that was begun last. */
  public Exposition value(Labels labels, double value) {
    return line("", labels, value);
  }

  /** A series of the histogram that was begun last. */
  public Exposition histogram(Labels labels, Histogram histogram) {
    long[] totals = histogram.cumulative();
    for (int i = 0; i < totals.length - 1; i++) {
      line("_bucket", labels.and("le", plain(histogram.buckets().bound(i))), (double) totals[i]);
    }
    line("_bucket", labels.and("le", "+Inf"), (double) totals[totals.length - 1]);
    return sums(labels, histogram.total(), totals[totals.length - 1]);
  }

  /** Sum and number of the values of a summary or a histogram. */
  public Exposition sums(Labels labels, double sum, long count) {
    line("_sum", labels, sum);
    return line("_count", labels, (double) count);
  }

  private Exposition line(String suffix, Labels labels, double value) {
    text.append(name).append(suffix).append(labels.braced()).append(' ');
    text.append(plain(value)).append('\n');
    return this;
  }

  /** Without an exponent, and without a fraction where there is none. */
  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : new BigDecimal(Double.toString(value)).toPlainString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
