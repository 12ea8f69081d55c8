package io.solebox.clients;

import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Sensor;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Sampler;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.SourceState;
import io.solebox.hardware.telemetry.SourceState.State;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Two GPUs of which one is warm, sensors, a board that runs, and a plug that does not answer. */
final class FakeHardware implements Sampler {
  private static final Duration PAST = Duration.ofMinutes(30);
  private static final Duration STEP = Duration.ofSeconds(10);

  /** What the guard makes of it. */
  static Ruling ruling() {
    Ruling.Reason warm =
        new Ruling.Reason(
            Level.WARN,
            Sensor.MEMORY,
            OptionalDouble.of(80),
            "the memory of Tesla V100 (B) is at 80 °C (warn from 78 °C on)");
    return new Ruling(
        Level.WARN,
        List.of(
            new Ruling.Device("GPU-A", "Tesla V100 (A)", Level.NORMAL, List.of()),
            new Ruling.Device("GPU-B", "Tesla V100 (B)", Level.WARN, List.of(warm))));
  }

  @Override
  public Snapshot latest() {
    return at(Instant.now());
  }

  /** At once what the last half hour would have been. */
  @Override
  public Subscription subscribe(Consumer<Snapshot> listener) {
    Instant now = Instant.now();
    for (Duration ago = PAST; ago.isPositive(); ago = ago.minus(STEP)) {
      listener.accept(at(now.minus(ago)));
    }
    return () -> {};
  }

  private static Snapshot at(Instant at) {
    double wave = Math.sin(at.getEpochSecond() / 60.0);
    Map<Metric, Measured> board = new EnumMap<>(Metric.class);
    board.put(Metric.CELSIUS, Measured.now(41));
    board.put(Metric.FAN_RPM, Measured.now(1200));
    return new Snapshot(
        at,
        List.of(
            new SourceState("nvml", State.ANSWERS, OptionalLong.of(20), ""),
            new SourceState("plug", State.SILENT, OptionalLong.empty(), "nobody answers there")),
        List.of(
            gpu("A", 61 + 3 * wave, 71 + 2 * wave, 16),
            gpu("B", 64 + 3 * wave, 80, 1),
            new DeviceReading(Kind.HWMON, "nct6775", "Board", board),
            controller(
                "", "bench-1", Map.of(Metric.CELSIUS, 44 + wave, Metric.BOARD_STATE_NUMBER, 5.0)),
            controller("/12v", "12 V", Map.of(Metric.VOLTS, 12.03 + wave / 50)),
            controller("/core", "Core voltage", Map.of(Metric.VOLTS, 0.801)),
            controller("/fan1", "Board's fan 1", Map.of(Metric.FAN_RPM, 1800 + 40 * wave))));
  }

  private static DeviceReading controller(String id, String name, Map<Metric, Double> told) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    told.forEach((metric, value) -> values.put(metric, Measured.now(value)));
    return new DeviceReading(Kind.CONTROLLER, "board" + id, name, values);
  }

  private static DeviceReading gpu(String letter, double core, double memory, double lanes) {
    Map<Metric, Measured> values = new EnumMap<>(Metric.class);
    values.put(Metric.CORE_CELSIUS, Measured.now(core));
    values.put(Metric.SLOWDOWN_CELSIUS, Measured.now(87));
    values.put(Metric.MEMORY_CELSIUS, Measured.now(memory));
    values.put(Metric.MEMORY_MAX_CELSIUS, Measured.now(85));
    values.put(Metric.POWER_WATTS, Measured.now(180));
    values.put(Metric.POWER_LIMIT_WATTS, Measured.now(250));
    values.put(Metric.SM_MEGAHERTZ, Measured.now(1380));
    values.put(Metric.BUSY_PERCENT, Measured.now(97));
    values.put(Metric.FAN_PERCENT, Measured.missing("it has no fan of its own"));
    values.put(Metric.MEMORY_TOTAL_BYTES, Measured.now(34_359_738_368.0));
    values.put(Metric.MEMORY_USED_BYTES, Measured.now(20_000_000_000.0));
    values.put(Metric.PCIE_GENERATION, Measured.now(3));
    values.put(Metric.PCIE_LANES, Measured.now(lanes));
    values.put(Metric.PCIE_MAX_LANES, Measured.now(16));
    values.put(Metric.ECC_UNCORRECTED_COUNT, Measured.now(0));
    return new DeviceReading(
        Kind.GPU,
        "GPU-" + letter,
        "Tesla V100 (" + letter + ")",
        Optional.of("0000:%s1:00.0".formatted(letter.equals("A") ? "0" : "4")),
        values);
  }

  @Override
  public void close() {}
}
