package io.solebox.server.health;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Labels;
import java.util.List;

/** What the machine measures, as metrics: what is not measured has no sample. */
final class HardwareMetrics {
  private static final String PREFIX = "solebox_hardware_";
  private static final String COUNT = "_count";
  private static final double MILLI = 1e-3;

  private HardwareMetrics() {}

  static void write(Snapshot snapshot, Exposition page) {
    for (Metric metric : Metric.values()) {
      List<DeviceReading> devices =
          snapshot.devices().stream().filter(each -> each.value(metric).isPresent()).toList();
      if (!devices.isEmpty()) {
        page.metric(
            name(metric),
            metric.counts() ? MetricType.COUNTER : MetricType.GAUGE,
            metric.meaning());
        devices.forEach(device -> page.value(labels(device), device.value(metric).orElseThrow()));
      }
    }
    page.metric(PREFIX + "source_answers", MetricType.GAUGE, "1 where a source answers.");
    for (SourceState source : snapshot.sources()) {
      page.value(
          Labels.of("source", source.name()), source.state() == SourceState.State.ANSWERS ? 1 : 0);
    }
    page.metric(
        PREFIX + "source_age_seconds", MetricType.GAUGE, "Since a source answered the last time.");
    for (SourceState source : snapshot.sources()) {
      source
          .ageMillis()
          .ifPresent(age -> page.value(Labels.of("source", source.name()), age * MILLI));
    }
  }

  /** Counters end with total, as Prometheus has it. */
  private static String name(Metric metric) {
    String word = metric.word();
    if (!metric.counts()) {
      return PREFIX + word;
    }
    return PREFIX
        + (word.endsWith(COUNT) ? word.substring(0, word.length() - COUNT.length()) : word)
        + "_total";
  }

  private static Labels labels(DeviceReading device) {
    return Labels.of("kind", device.kind().word())
        .and("device", device.id())
        .and("name", device.name());
  }
}
