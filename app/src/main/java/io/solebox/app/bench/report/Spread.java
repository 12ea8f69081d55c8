package io.solebox.app.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Repeated measurements of one thing.
 *
 * @param runs at least one
 */
public record Spread(List<Double> runs) {
  public Spread {
    runs = List.copyOf(runs);
  }

  public double median() {
    var sorted = runs.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  public double min() {
    return runs.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  public double max() {
    return runs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** From the least to the most, of the median; 0 of a single run, whose noise nobody knows. */
  public double noise() {
    return median() == 0 ? 0 : (max() - min()) / median();
  }

  /** Whether there are values that both have seen, or have values of theirs on either side. */
  boolean overlaps(Spread other) {
    return min() <= other.max() && other.min() <= max();
  }

  public Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("median", median());
    fields.put("min", min());
    fields.put("max", max());
    fields.put("runs", runs);
    return fields;
  }

  /** As in {@code 41.2 (40.1 to 42.0)}. */
  public String text() {
    return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", median(), min(), max());
  }
}
