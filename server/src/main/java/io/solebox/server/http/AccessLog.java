package io.solebox.server.http;

import io.solebox.engine.generation.Generation.Usage;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** One JSON line for each request, and for each piece of work that no request waits for. */
record AccessLog(JsonLines lines) {
  void ended(RequestSummary request) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", request.begin().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("id", request.id());
    line.put("from", request.from());
    line.put("method", request.method());
    line.put("route", request.route());
    line.put("status", request.status());
    request.told().code().ifPresent(code -> line.put("code", code));
    line.put("bytes", request.bytes());
    line.put("ms", millis(request.nanos()));
    request
        .caller()
        .filter(caller -> !caller.name().isEmpty())
        .ifPresent(caller -> line.put("key", caller.name()));
    put(line, request.told());
    if (request.clientGone()) {
      line.put("client_gone", true);
    }
    request.trace().ifPresent(trace -> line.put("trace", trace.traceId()));
    lines.write(line);
  }

  void worked(WorkItem item, int status, long bytes) {
    RequestNotes.Told told = item.notes().told();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", item.begin().truncatedTo(ChronoUnit.MILLIS).toString());
    line.put("id", item.id());
    line.put(item.kind().word(), item.whole());
    line.put("route", item.route());
    line.put("status", status);
    told.code().ifPresent(code -> line.put("code", code));
    line.put("bytes", bytes);
    line.put("ms", millis(System.nanoTime() - item.beginNanos()));
    if (!item.owner().isEmpty()) {
      line.put("key", item.owner());
    }
    put(line, told);
    lines.write(line);
  }

  private static void put(Map<String, Object> line, RequestNotes.Told told) {
    told.model().ifPresent(model -> line.put("model", model));
    told.usage().ifPresent(usage -> put(line, usage));
    if (told.computedTokens() > 0) {
      line.put("computed_tokens", told.computedTokens());
    }
  }

  private static void put(Map<String, Object> line, Usage usage) {
    line.put("prompt_tokens", usage.promptTokens());
    line.put("cached_tokens", usage.cachedTokens());
    line.put("completion_tokens", usage.completionTokens());
    line.put("queue_ms", millis(usage.queueNanos()));
    line.put("prefill_ms", millis(usage.prefillNanos()));
    line.put("decode_ms", millis(usage.decodeNanos()));
  }

  /** To the microsecond. */
  private static double millis(long nanos) {
    return Math.floor(nanos / 1e3) / 1e3;
  }
}
