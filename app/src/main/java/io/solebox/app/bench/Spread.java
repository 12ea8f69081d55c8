package io.solebox.app.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Repeated measurements of one thing. */
record Spread(List<Double> runs) {
  Spread {
    runs = List.copyOf(runs);
  }

  double median() {
    var sorted = runs.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  double min() {
    return runs.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
  }

  double max() {
    return runs.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("median", median());
    fields.put("min", min());
    fields.put("max", max());
    fields.put("runs", runs);
    return fields;
  }

  /** As in {@code 41.2 (40.1 to 42.0)}. */
  String text() {
    return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", median(), min(), max());
  }
}
