package io.solebox.app.smoke;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Sensors of two cards that say what the test wants, when it wants. */
final class ScriptedSampler implements Sampler {
  private final List<Consumer<Snapshot>> listeners = new CopyOnWriteArrayList<>();
  private volatile Snapshot latest = snapshot(40, 50);

  static String address(int card) {
    return "0000:0%d:00.0".formatted(card + 1);
  }

  private static Snapshot snapshot(double celsius, double watts) {
    return new Snapshot(
        Instant.EPOCH,
        List.of(),
        IntStream.range(0, 2).mapToObj(card -> card(card, celsius, watts)).toList());
  }

  private static DeviceReading card(int card, double celsius, double watts) {
    return new DeviceReading(
        Kind.GPU,
        "GPU-" + card,
        "Tesla V100-SXM2-32GB",
        Optional.of(address(card)),
        Map.of(
            Metric.CORE_CELSIUS, Measured.now(celsius),
            Metric.POWER_WATTS, Measured.now(watts),
            Metric.POWER_LIMIT_WATTS, Measured.now(300),
            Metric.SM_MEGAHERTZ, Measured.now(1380),
            Metric.SM_MAX_MEGAHERTZ, Measured.now(1530),
            Metric.PCIE_GENERATION, Measured.now(3),
            Metric.PCIE_LANES, Measured.now(16),
            Metric.PCIE_MAX_GENERATION, Measured.now(3),
            Metric.PCIE_MAX_LANES, Measured.now(16),
            Metric.ECC_UNCORRECTED_COUNT, Measured.now(0)));
  }

  /** Says that, to all who listen. */
  void say(double celsius, double watts) {
    latest = snapshot(celsius, watts);
    listeners.forEach(each -> each.accept(latest));
  }

  @Override
  public Snapshot latest() {
    return latest;
  }

  @Override
  public Subscription subscribe(Consumer<Snapshot> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void close() {}
}
