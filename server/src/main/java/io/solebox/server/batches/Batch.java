package io.solebox.server.batches;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A batch as it is now.
 *
 * @param errors what is wrong with the input
 */
record Batch(
    Order order, Status status, Times times, Counts counts, Results results, List<Object> errors) {
  /**
   * What was asked for.
   *
   * @param endpoint path of the route that answers its lines
   * @param receipts whether its answers have receipts where a line does not say otherwise
   * @param outputLifetime seconds that its files are kept; empty where they stay
   */
  record Order(
      String id,
      String owner,
      String endpoint,
      String inputFile,
      Map<String, Object> metadata,
      boolean receipts,
      Optional<Long> outputLifetime) {}

  /**
   * How many lines there are.
   *
   * @param total of its input; 0 until they are counted
   * @param completed whose answer is none of an error
   * @param failed whose answer is an error
   */
  record Counts(int total, int completed, int failed) {}

  /** The ids of its files. */
  record Results(Optional<String> output, Optional<String> error) {}

  /** Where a batch can be. */
  enum Status {
    VALIDATING,
    IN_PROGRESS,
    FINALIZING,
    COMPLETED,
    FAILED,
    EXPIRED,
    CANCELLING,
    CANCELLED;

    boolean isOver() {
      return switch (this) {
        case VALIDATING, IN_PROGRESS, FINALIZING, CANCELLING -> false;
        case COMPLETED, FAILED, EXPIRED, CANCELLED -> true;
      };
    }

    /** As in the API. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * When it came to each status that it came to, in seconds since 1970.
   *
   * @param expires when it ends, complete or not
   */
  record Times(long created, long expires, Map<String, Long> at) {
    Times reached(Status status, long now) {
      Map<String, Long> more = new LinkedHashMap<>(at);
      more.putIfAbsent(status.word() + "_at", now);
      return new Times(created, expires, more);
    }
  }

  /** One that begins. */
  static Batch of(Order order, long now, long expires) {
    return new Batch(
        order,
        Status.VALIDATING,
        new Times(now, expires, Map.of()),
        new Counts(0, 0, 0),
        new Results(Optional.empty(), Optional.empty()),
        List.of());
  }

  String id() {
    return order.id();
  }

  String owner() {
    return order.owner();
  }

  Batch with(Status next, long now) {
    return new Batch(order, next, times.reached(next, now), counts, results, errors);
  }

  Batch withErrors(List<Object> found) {
    return new Batch(order, status, times, counts, results, found);
  }

  Batch withTotal(int lines) {
    Counts more = new Counts(lines, counts.completed(), counts.failed());
    return new Batch(order, status, times, more, results, errors);
  }

  Batch withAnswered(int completed, int failed) {
    Counts more = new Counts(counts.total(), completed, failed);
    return new Batch(order, status, times, more, results, errors);
  }

  Batch withResults(Results files) {
    return new Batch(order, status, times, counts, files, errors);
  }

  /** As the API gives it. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", order.id());
    body.put("object", "batch");
    body.put("endpoint", order.endpoint());
    body.put("errors", errors.isEmpty() ? null : Map.of("object", "list", "data", errors));
    body.put("input_file_id", order.inputFile());
    body.put("completion_window", "24h");
    body.put("status", status.word());
    body.put("output_file_id", results.output().orElse(null));
    body.put("error_file_id", results.error().orElse(null));
    body.put("created_at", times.created());
    body.put("expires_at", times.expires());
    for (Status each : Status.values()) {
      String name = each.word() + "_at";
      if (each != Status.VALIDATING) {
        body.put(name, times.at().get(name));
      }
    }
    body.put(
        "request_counts",
        Map.of(
            "total", counts.total(), "completed", counts.completed(), "failed", counts.failed()));
    body.put("metadata", order.metadata());
    return body;
  }
}
