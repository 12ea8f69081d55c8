package io.solebox.server.health;

import io.solebox.engine.generation.LoopStats;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.server.http.Api;
import io.solebox.server.http.Counters;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Models;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * {@code /metrics}: what has happened since the start and what loaded models hold, in <a
 * href="https://prometheus.io/docs/instrumenting/exposition_formats/">Prometheus' text format</a>.
 */
public final class MetricsApi {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private static final Map<String, ToLongFunction<LoopStats>> GAUGES = gauges();

  /** Since the model was loaded. */
  private static final Map<String, ToLongFunction<LoopStats>> COUNTERS = counters();

  private final Models models;
  private final Counters counters;

  public MetricsApi(Models models, Counters counters) {
    this.models = models;
    this.counters = counters;
  }

  private static Map<String, ToLongFunction<LoopStats>> gauges() {
    Map<String, ToLongFunction<LoopStats>> gauges = new LinkedHashMap<>();
    gauges.put("running_answers", LoopStats::running);
    gauges.put("waiting_answers", LoopStats::waiting);
    gauges.put("kv_blocks", LoopStats::totalBlocks);
    gauges.put("kv_blocks_used", LoopStats::usedBlocks);
    gauges.put("kv_blocks_cached", LoopStats::cachedBlocks);
    return gauges;
  }

  private static Map<String, ToLongFunction<LoopStats>> counters() {
    Map<String, ToLongFunction<LoopStats>> counters = new LinkedHashMap<>();
    counters.put("drafted_tokens_total", LoopStats::draftedTokens);
    counters.put("accepted_draft_tokens_total", LoopStats::acceptedTokens);
    return counters;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(
                Method.GET,
                "/metrics",
                Permission.USE_MODELS,
                RouteLimits.NO_BODY.alsoWhileDraining(),
                this::answer)),
        problems);
  }

  private void answer(Exchange exchange) {
    var text = new StringBuilder();
    counters.totals().forEach((name, total) -> counter(text, name + "_total", total));
    GAUGES.forEach((name, gauge) -> ofModels(text, name, "gauge", gauge));
    COUNTERS.forEach((name, counter) -> ofModels(text, name, "counter", counter));
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, FORMAT, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void ofModels(
      StringBuilder text, String name, String type, ToLongFunction<LoopStats> number) {
    text.append("# TYPE solebox_").append(name).append(' ').append(type).append('\n');
    for (Status status : models.all()) {
      if (status.state() instanceof ModelState.Ready ready) {
        value(text, name, label(status.name()), number.applyAsLong(ready.model().stats()));
      }
    }
  }

  private static void counter(StringBuilder text, String name, long total) {
    text.append("# TYPE solebox_").append(name).append(" counter\n");
    value(text, name, "", total);
  }

  private static void value(StringBuilder text, String name, String labels, long value) {
    text.append("solebox_").append(name).append(labels).append(' ').append(value).append('\n');
  }

  private static String label(String model) {
    String escaped = model.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return "{model=\"" + escaped + "\"}";
  }
}
