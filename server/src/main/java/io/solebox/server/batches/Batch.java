package io.solebox.server.batches;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch as it is now. Times are seconds since 1970.
 *
 * @param endpoint path of the route that answers its lines
 * @param total lines of its input; 0 until they are counted
 * @param failed lines whose answer is an error
 * @param errors what is wrong with the input
 */
record Batch(
    String id,
    String owner,
    String endpoint,
    String inputFile,
    Status status,
    Map<String, Object> metadata,
    Times times,
    int total,
    int completed,
    int failed,
    Optional<String> outputFile,
    Optional<String> errorFile,
    List<Object> errors) {
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
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    static Status of(String word) {
      return valueOf(word.toUpperCase(java.util.Locale.ROOT));
    }
  }

  /**
   * When it came to each status that it came to.
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

  Batch with(Status next, long now) {
    return new Batch(
        id,
        owner,
        endpoint,
        inputFile,
        next,
        metadata,
        times.reached(next, now),
        total,
        completed,
        failed,
        outputFile,
        errorFile,
        errors);
  }

  Batch withTotal(int lines) {
    return new Batch(
        id,
        owner,
        endpoint,
        inputFile,
        status,
        metadata,
        times,
        lines,
        completed,
        failed,
        outputFile,
        errorFile,
        errors);
  }

  Batch withErrors(List<Object> found) {
    return new Batch(
        id,
        owner,
        endpoint,
        inputFile,
        status,
        metadata,
        times,
        total,
        completed,
        failed,
        outputFile,
        errorFile,
        found);
  }

  Batch withCounts(int completedLines, int failedLines) {
    return new Batch(
        id,
        owner,
        endpoint,
        inputFile,
        status,
        metadata,
        times,
        total,
        completedLines,
        failedLines,
        outputFile,
        errorFile,
        errors);
  }

  Batch withFiles(Optional<String> output, Optional<String> error) {
    return new Batch(
        id, owner, endpoint, inputFile, status, metadata, times, total, completed, failed, output,
        error, errors);
  }

  /** As the API gives it. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("object", "batch");
    body.put("endpoint", endpoint);
    body.put("errors", errors.isEmpty() ? null : Map.of("object", "list", "data", errors));
    body.put("input_file_id", inputFile);
    body.put("completion_window", "24h");
    body.put("status", status.word());
    body.put("output_file_id", outputFile.orElse(null));
    body.put("error_file_id", errorFile.orElse(null));
    body.put("created_at", times.created());
    body.put("expires_at", times.expires());
    for (Status each : Status.values()) {
      String name = each.word() + "_at";
      if (each != Status.VALIDATING) {
        body.put(name, times.at().get(name));
      }
    }
    body.put("request_counts", Map.of("total", total, "completed", completed, "failed", failed));
    body.put("metadata", metadata);
    return body;
  }
}
