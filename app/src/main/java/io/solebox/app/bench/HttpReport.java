package io.solebox.app.bench;

import static io.solebox.app.console.Svg.text;

import io.solebox.app.bench.report.Spread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code bench --http} says, to people and to programs.
 *
 * @param tokens of each answer
 * @param times the engine's first
 */
record HttpReport(int tokens, List<Times> times, List<Rate> rates) {
  static final String ENGINE = "engine alone";

  /**
   * From the end of a step to its token at the reader.
   *
   * @param nanos ascending
   */
  record Times(String stream, long[] nanos) {
    static Times of(String stream, List<Long> nanos) {
      return new Times(stream, nanos.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    /** In microseconds; {@code share} of all are not above it. */
    double micros(double share) {
      int at = (int) Math.ceil(share * nanos.length) - 1;
      return nanos[Math.clamp(at, 0, nanos.length - 1)] / 1e3;
    }
  }

  /** Tokens per second of all clients together. */
  record Rate(int clients, Spread engine, Spread server) {}

  List<String> lines() {
    var lines = new ArrayList<String>();
    lines.add(
        text(
            "From the end of a step to the token at its reader, one client, %d tokens, steps of %d ms; microseconds:",
            times.getFirst().nanos().length, HttpBench.STEP.toMillis()));
    lines.add(
        text(
            "  %-14s %8s %8s %8s %8s %14s", "", "median", "90 %", "99 %", "most", "added, median"));
    for (Times t : times) {
      lines.add(
          text(
              "  %-14s %8.1f %8.1f %8.1f %8.1f %14s",
              t.stream(), t.micros(0.5), t.micros(0.9), t.micros(0.99), t.micros(1), added(t)));
    }
    lines.add("Tokens per second of all clients together, answers of " + tokens + " tokens:");
    lines.add(text("  %7s   %-32s %-32s", "clients", "engine alone", "chat through the server"));
    for (Rate rate : rates) {
      lines.add(
          text("  %7d   %-32s %-32s", rate.clients(), whole(rate.engine()), whole(rate.server())));
    }
    return lines;
  }

  private String added(Times t) {
    return t.stream().equals(ENGINE) ? "" : text("%.1f", addedMicros(t));
  }

  private double addedMicros(Times t) {
    return t.micros(0.5) - times.getFirst().micros(0.5);
  }

  private static String whole(Spread spread) {
    return text("%.0f (%.0f to %.0f)", spread.median(), spread.min(), spread.max());
  }

  Map<String, Object> fields() {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("new_tokens", tokens);
    fields.put("step_microseconds", HttpBench.STEP.toNanos() / 1e3);
    fields.put("token_microseconds", times.stream().map(this::timeFields).toList());
    fields.put("tokens_per_second", rates.stream().map(HttpReport::rateFields).toList());
    return fields;
  }

  private Map<String, Object> timeFields(Times t) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("stream", t.stream());
    fields.put("tokens", t.nanos().length);
    fields.put("median", t.micros(0.5));
    fields.put("p90", t.micros(0.9));
    fields.put("p99", t.micros(0.99));
    fields.put("max", t.micros(1));
    fields.put("added_median", addedMicros(t));
    return fields;
  }

  private static Map<String, Object> rateFields(Rate rate) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("clients", rate.clients());
    fields.put("engine", rate.engine().fields());
    fields.put("server", rate.server().fields());
    return fields;
  }
}
