package io.solebox.server.health;

import io.solebox.hardware.guard.Ruling;
import io.solebox.server.metrics.Exposition;
import io.solebox.server.metrics.Exposition.MetricType;
import io.solebox.server.metrics.Labels;

/** What the guard of the hardware asks for, as metrics. */
final class GuardMetrics {
  private GuardMetrics() {}

  static void write(Ruling ruling, Exposition page) {
    page.metric(
            "solebox_guard_level",
            MetricType.GAUGE,
            "What the guard asks for: 0 normal, 1 warn, 2 slow, 3 paused, 4 stopped, 5 cut.")
        .value(Labels.NONE, ruling.level().ordinal());
    page.metric(
        "solebox_guard_device_level", MetricType.GAUGE, "The same of each device that it follows.");
    ruling
        .devices()
        .forEach(
            device ->
                page.value(
                    Labels.of("device", device.device()).and("name", device.name()),
                    device.level().ordinal()));
  }
}
