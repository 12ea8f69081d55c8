package io.solebox.server.http;

import io.solebox.engine.json.JsonWriter;
import java.io.PrintStream;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/**
 * What hears of every request of a server when it is over, and of work without one.
 *
 * @param counters what has happened
 * @param metrics what requests were for, and what became of them
 */
public record Observers(
    Counters counters,
    RequestMetrics metrics,
    Optional<AccessLog> accessLog,
    Optional<TraceLog> traceLog) {
  /** Counts alone. */
  public Observers() {
    this(new Counters(), new RequestMetrics(), Optional.empty(), Optional.empty());
  }

  /**
   * These, and a line for each request.
   *
   * @param problems hears when lines cannot be written
   */
  public Observers withAccessLog(JsonWriter json, LineSink sink, PrintStream problems) {
    var log = new AccessLog(new JsonLines(json, "The access log", sink, problems));
    return new Observers(counters, metrics, Optional.of(log), traceLog);
  }

  /**
   * These, and spans of each request.
   *
   * @param version of the server
   * @param problems hears when lines cannot be written
   */
  public Observers withTraces(
      JsonWriter json, LineSink sink, String version, PrintStream problems) {
    var log = new TraceLog(new JsonLines(json, "The trace file", sink, problems), version);
    return new Observers(counters, metrics, accessLog, Optional.of(log));
  }

  /** Where a request stands in a trace; empty where nothing is traced. */
  Optional<TraceContext> trace(HttpFields headers) {
    return traceLog.map(_ -> TraceContext.of(headers));
  }

  /**
   * Work that no connection waited for is over.
   *
   * @param status of the answer
   * @param bytes of the answer's body
   */
  public void worked(WorkItem item, int status, long bytes) {
    accessLog.ifPresent(log -> log.worked(item, status, bytes));
  }

  void ended(RequestSummary request) {
    metrics.ended(request);
    accessLog.ifPresent(log -> log.ended(request));
    traceLog.ifPresent(log -> log.ended(request));
  }
}
