package io.solebox.server.http;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;

/**
 * Where a request stands in a trace, as W3C's <a href="https://www.w3.org/TR/trace-context/">
 * traceparent</a> says it.
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId the caller's span, 16 digits
 * @param spanId the request's own
 * @param sampled whether it is to be recorded
 */
record TraceContext(String traceId, Optional<String> parentId, String spanId, boolean sampled) {
  static final String HEADER = "traceparent";

  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

  private static final String NO_VERSION = "ff";
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_SPAN = "0".repeat(16);

  /** That of a request; a new one where it has none that can be read. */
  static TraceContext of(HttpFields headers) {
    String given = headers.get(HEADER);
    Matcher parts = FORM.matcher(given == null ? "" : given);
    return parts.matches() && isValid(parts)
        ? new TraceContext(
            parts.group(2),
            Optional.of(parts.group(3)),
            newSpanId(),
            (Integer.parseInt(parts.group(4), 16) & 1) == 1)
        : new TraceContext(newSpanId() + newSpanId(), Optional.empty(), newSpanId(), true);
  }

  private static boolean isValid(Matcher parts) {
    boolean known = !parts.group(1).equals(NO_VERSION);
    boolean extended = parts.group(5) != null; // of which version 00 knows nothing
    return known
        && !(extended && parts.group(1).equals("00"))
        && !parts.group(2).equals(NO_TRACE)
        && !parts.group(3).equals(NO_SPAN);
  }

  static String newSpanId() {
    return "%016x".formatted(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }

  /** The header that names the request's own span. */
  String header() {
    return "00-%s-%s-%s".formatted(traceId, spanId, sampled ? "01" : "00");
  }
}
