package io.solebox.server.http;

import io.solebox.engine.generation.Generation.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spans of requests and of what their answers did, a line of OTLP's JSON for each request, as a
 * collector's file receiver reads it (<a
 * href="https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/">file exporter</a>; names
 * are OpenTelemetry's conventions for HTTP and for generative AI).
 *
 * @param version of the server
 */
record TraceLog(JsonLines lines, String version) {
  private static final int SERVER = 2;
  private static final int INTERNAL = 1;
  private static final int ERROR = 2;

  void ended(RequestSummary request) {
    request
        .trace()
        .filter(TraceContext::sampled)
        .ifPresent(trace -> lines.write(resource(spans(request, trace))));
  }

  private Map<String, Object> resource(List<Object> spans) {
    Map<String, Object> scope = new LinkedHashMap<>();
    scope.put("scope", Map.of("name", "io.solebox.server"));
    scope.put("spans", spans);
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put(
        "resource",
        Map.of(
            "attributes",
            List.of(text("service.name", "solebox"), text("service.version", version))));
    resource.put("scopeSpans", List.of(scope));
    return Map.of("resourceSpans", List.of(resource));
  }

  private static List<Object> spans(RequestSummary request, TraceContext trace) {
    long begin = nanos(request.begin());
    long end = begin + request.nanos();
    List<Object> spans = new ArrayList<>();
    String name = request.method() + " " + request.route();
    Map<String, Object> own = span(trace, trace.spanId(), trace.parentId(), name, SERVER);
    own.put("startTimeUnixNano", Long.toString(begin));
    own.put("endTimeUnixNano", Long.toString(end));
    own.put("attributes", attributes(request));
    if (request.status() >= 500) {
      own.put("status", Map.of("code", ERROR));
    }
    spans.add(own);
    request.told().usage().ifPresent(usage -> addPhases(spans, trace, end, usage));
    return spans;
  }

  /** The phases of the answer, which ends with the request. */
  private static void addPhases(List<Object> spans, TraceContext trace, long end, Usage usage) {
    long at = end;
    at = addPhase(spans, trace, "decode", at, usage.decodeNanos());
    at = addPhase(spans, trace, "prefill", at, usage.prefillNanos());
    addPhase(spans, trace, "queue", at, usage.queueNanos());
  }

  private static long addPhase(
      List<Object> spans, TraceContext trace, String name, long end, long nanos) {
    long begin = end - nanos;
    Map<String, Object> span =
        span(trace, TraceContext.newSpanId(), Optional.of(trace.spanId()), name, INTERNAL);
    span.put("startTimeUnixNano", Long.toString(begin));
    span.put("endTimeUnixNano", Long.toString(end));
    spans.add(span);
    return begin;
  }

  private static Map<String, Object> span(
      TraceContext trace, String id, Optional<String> parent, String name, int kind) {
    Map<String, Object> span = new LinkedHashMap<>();
    span.put("traceId", trace.traceId());
    span.put("spanId", id);
    parent.ifPresent(of -> span.put("parentSpanId", of));
    span.put("name", name);
    span.put("kind", kind);
    return span;
  }

  private static List<Object> attributes(RequestSummary request) {
    List<Object> attributes = new ArrayList<>();
    attributes.add(text("http.request.method", request.method()));
    attributes.add(text("http.route", request.route()));
    attributes.add(number("http.response.status_code", request.status()));
    attributes.add(text("solebox.request.id", request.id()));
    request.told().code().ifPresent(code -> attributes.add(text("error.type", code)));
    request.told().model().ifPresent(m -> attributes.add(text("gen_ai.request.model", m)));
    request
        .told()
        .usage()
        .ifPresent(
            usage -> {
              attributes.add(number("gen_ai.usage.input_tokens", usage.promptTokens()));
              attributes.add(number("gen_ai.usage.output_tokens", usage.completionTokens()));
            });
    return attributes;
  }

  private static Map<String, Object> text(String key, String value) {
    return attribute(key, Map.of("stringValue", value));
  }

  /** Whole numbers of 64 bits are strings in protobuf's JSON. */
  private static Map<String, Object> number(String key, long value) {
    return attribute(key, Map.of("intValue", Long.toString(value)));
  }

  private static Map<String, Object> attribute(String key, Map<String, Object> value) {
    Map<String, Object> attribute = new LinkedHashMap<>();
    attribute.put("key", key);
    attribute.put("value", value);
    return attribute;
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }
}
