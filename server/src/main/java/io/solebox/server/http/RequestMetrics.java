package io.solebox.server.http;

import io.solebox.server.metrics.Buckets;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Histogram;
import io.solebox.server.metrics.Labels;
import io.solebox.server.metrics.Tally;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Requests by what they were for and how they were answered. Safe for many threads. */
public final class RequestMetrics {
  /**
   * @param endpoint as the route has it; {@code other} for what is no route
   */
  private record Answered(String method, String endpoint, int status)
      implements Comparable<Answered> {
    private static final Comparator<Answered> ORDER =
        Comparator.comparing(Answered::endpoint)
            .thenComparing(Answered::method)
            .thenComparingInt(Answered::status);

    @Override
    public int compareTo(Answered other) {
      return ORDER.compare(this, other);
    }
  }

  private record Failed(String endpoint, String code) implements Comparable<Failed> {
    private static final Comparator<Failed> ORDER =
        Comparator.comparing(Failed::endpoint).thenComparing(Failed::code);

    @Override
    public int compareTo(Failed other) {
      return ORDER.compare(this, other);
    }
  }

  private final Tally<Answered> answers = new Tally<>();
  private final Tally<Failed> failures = new Tally<>();
  private final Map<String, Histogram> times = new ConcurrentHashMap<>();

  void ended(RequestSummary request) {
    answers.add(new Answered(method(request.method()), request.route(), request.status()));
    times
        .computeIfAbsent(request.route(), _ -> new Histogram(Buckets.REQUEST_TIMES))
        .observe(request.nanos());
    request.told().code().ifPresent(code -> failures.add(new Failed(request.route(), code)));
  }

  /** Whatever a client calls a method must not become a series. */
  private static String method(String given) {
    boolean known =
        given.equals("HEAD")
            || Arrays.stream(Method.values()).anyMatch(method -> method.name().equals(given));
    return known ? given : RequestSummary.OTHER;
  }

  /** Writes all of it. */
  public void write(Exposition page) {
    page.metric(
        "solebox_http_requests_total", MetricType.COUNTER, "Requests by endpoint and status.");
    answers
        .totals()
        .forEach(
            (key, total) ->
                page.value(
                    Labels.of("endpoint", key.endpoint())
                        .and("method", key.method())
                        .and("status", Integer.toString(key.status())),
                    total));
    page.metric(
        "solebox_http_request_seconds",
        MetricType.HISTOGRAM,
        "From a request's header to the last byte of its answer.");
    new TreeMap<>(times)
        .forEach((endpoint, time) -> page.histogram(Labels.of("endpoint", endpoint), time));
    page.metric(
        "solebox_errors_total",
        MetricType.COUNTER,
        "Requests that could not be answered, or not to the end, by the code of the error.");
    failures
        .totals()
        .forEach(
            (key, total) ->
                page.value(Labels.of("endpoint", key.endpoint()).and("code", key.code()), total));
  }
}
