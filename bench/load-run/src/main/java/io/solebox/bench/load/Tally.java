package io.solebox.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the requests, by kind. Safe for many threads. */
final class Tally {
  private static final int FAULTS_SHOWN = 30;

  private final Map<String, Row> rows = new TreeMap<>(); // guarded by this
  private final List<String> faults = new ArrayList<>(); // guarded by this
  private long faultCount; // guarded by this

  /** Of one kind of request. */
  static final class Row {
    private final Map<Integer, Long> statuses = new TreeMap<>();
    private long left;
    private long nanos;
    private long longest;

    /** Answers that were read whole, by status. */
    Map<Integer, Long> statuses() {
      return statuses;
    }

    /** Requests whose client left. */
    long left() {
      return left;
    }

    long whole() {
      return statuses.values().stream().mapToLong(Long::longValue).sum();
    }

    double meanMillis() {
      return whole() == 0 ? 0 : nanos / 1e6 / whole();
    }

    double longestMillis() {
      return longest / 1e6;
    }
  }

  private Row row(String kind) {
    return rows.computeIfAbsent(kind, _ -> new Row());
  }

  synchronized void answered(String kind, int status, long nanos) {
    Row row = row(kind);
    row.statuses.merge(status, 1L, Long::sum);
    row.nanos += nanos;
    row.longest = Math.max(row.longest, nanos);
  }

  synchronized void left(String kind) {
    row(kind).left++;
  }

  /** What must not happen. */
  synchronized void fault(String what) {
    faultCount++;
    if (faults.size() < FAULTS_SHOWN) {
      faults.add(what);
    }
  }

  synchronized Map<String, Row> rows() {
    return new TreeMap<>(rows);
  }

  synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  synchronized long faultCount() {
    return faultCount;
  }

  synchronized long whole() {
    return rows.values().stream().mapToLong(Row::whole).sum();
  }

  synchronized long left() {
    return rows.values().stream().mapToLong(Row::left).sum();
  }
}
