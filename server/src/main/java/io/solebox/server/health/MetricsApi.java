package io.solebox.server.health;

import io.solebox.hardware.telemetry.Sampler;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.library.CleanupTally;
import io.solebox.server.library.ModelLibrary;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Labels;
import io.solebox.server.models.Models;
import io.solebox.server.usage.UsagePage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * {@code /metrics}: what has happened since the start, and what is there now, as Prometheus reads
 * it.
 */
public final class MetricsApi {
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Models models;
  private final Optional<ModelLibrary> library;
  private final Observers observers;
  private final Optional<UsagePage> usage;
  private final Optional<Sampler> sampler;

  /**
   * @param usage empty where nothing is kept
   * @param sampler empty where the machine is not measured
   */
  public MetricsApi(
      Models models,
      Optional<ModelLibrary> library,
      Observers observers,
      Optional<UsagePage> usage,
      Optional<Sampler> sampler) {
    this.models = models;
    this.library = library;
    this.observers = observers;
    this.usage = usage;
    this.sampler = sampler;
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
    if (!exchange.rights().models().matchesAll()) {
      throw Problem.of(
          403, "not_allowed", "This tells of all models, and you may use some of them alone.");
    }
    Exposition page = new Exposition();
    observers
        .counters()
        .totals()
        .forEach(
            (name, total) ->
                page.metric("solebox_" + name + "_total", MetricType.COUNTER, words(name))
                    .value(Labels.NONE, total));
    observers.metrics().write(page);
    new LoadedMetrics(models).write(page);
    sampler.ifPresent(its -> HardwareMetrics.write(its.latest(), page));
    GuardMetrics.write(models.hardware().ruling(), page);
    new AnswerPage(models.metrics()).write(page);
    usage.ifPresent(its -> its.write(page));
    library.ifPresent(its -> write(its.cleanups(), page));
    exchange.send(200, FORMAT, page.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(CleanupTally tally, Exposition page) {
    page.metric(
            "solebox_cleanup_removed_total",
            MetricType.COUNTER,
            "Models that left the store by the rule of the clean-up.")
        .value(Labels.NONE, tally.removed());
    page.metric("solebox_cleanup_freed_bytes_total", MetricType.COUNTER, "Bytes that were theirs.")
        .value(Labels.NONE, tally.freedBytes());
    page.metric(
            "solebox_cleanup_announced", MetricType.GAUGE, "Models that will leave by that rule.")
        .value(Labels.NONE, tally.announced());
  }

  private static String words(String name) {
    return "Since the start: " + name.replace('_', ' ') + ".";
  }
}
