package io.solebox.hardware.smoke;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.power.PowerSettings;
import io.solebox.hardware.smoke.WorkFacts.Look;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.EventReason;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What sensors said over time, and what the guard makes of it. */
class WorkFactsTest {
  private static final long SECOND = 1_000_000_000;

  private static DeviceReading card(double celsius, double watts, double clock, double mask) {
    return new DeviceReading(
        Kind.GPU,
        "GPU-1",
        "Tesla V100",
        Map.of(
            Metric.CORE_CELSIUS, Measured.now(celsius),
            Metric.POWER_WATTS, Measured.now(watts),
            Metric.SM_MEGAHERTZ, Measured.now(clock),
            Metric.EVENT_REASONS_MASK, Measured.now(mask),
            Metric.PCIE_GENERATION, Measured.now(watts > 100 ? 3 : 1),
            Metric.PCIE_LANES, Measured.now(16)));
  }

  @Test
  void whatIsSteadyIsToldFromHowItBegan() {
    WorkFacts work =
        WorkFacts.of(
            List.of(
                new Look(-1, card(35, 50, 300, 1)),
                new Look(0.5, card(50, 200, 1530, 0)),
                new Look(3, card(65, 250, 1400, 4)),
                new Look(10, card(80, 250, 1380, 4)),
                new Look(20, card(84, 250, 1350, 0x24))),
            Limits.UNKNOWN);
    assertEquals(OptionalDouble.of(1380), work.megahertz());
    assertEquals(OptionalDouble.of(84), work.coreCelsius());
    assertEquals(OptionalDouble.of(250), work.watts());
    assertEquals(0.15, work.stepPerWatt().orElseThrow(), 1e-9);
    assertEquals(1, work.held().get(EventReason.POWER_CAP), 1e-9);
    assertTrue(work.isHeldBy(EventReason.SOFTWARE_THERMAL));
    assertEquals(Optional.of(new PciLink(8, 16)), work.link());
  }

  @Test
  void whatWasNotMeasuredIsNotMadeUp() {
    WorkFacts work = WorkFacts.of(List.of(), Limits.UNKNOWN);
    assertEquals(OptionalDouble.empty(), work.megahertz());
    assertEquals(OptionalDouble.empty(), work.stepPerWatt());
    assertEquals(List.of(), CareJudge.judge(CardFacts.named("cuda:0", "GPU"), work));
  }

  private static Snapshot snapshot(DeviceReading... cards) {
    return new Snapshot(Instant.EPOCH, List.of(), List.of(cards));
  }

  private static SmokeGuard guard() {
    return new SmokeGuard(
        GuardSettings.DEFAULTS, new PowerPlanner(PowerSettings.DEFAULTS).plan(List.of()));
  }

  @Test
  void aCardThatIsTooHotEndsTheTest() {
    SmokeGuard guard = guard();
    assertEquals(Optional.empty(), guard.observe(snapshot(card(80, 250, 1380, 0)), 0));
    assertEquals(Optional.empty(), guard.observe(snapshot(card(86, 250, 1380, 0)), SECOND));
    String why = guard.observe(snapshot(card(86, 250, 1380, 0)), 4 * SECOND).orElseThrow();
    assertTrue(why.contains("86 °C"), why);
  }

  @Test
  void aSensorThatFallsSilentEndsTheTest() {
    SmokeGuard guard = guard();
    assertEquals(Optional.empty(), guard.observe(snapshot(card(50, 250, 1380, 0)), 0));
    assertEquals(Optional.empty(), guard.observe(snapshot(), 5 * SECOND));
    String why =
        guard
            .observe(snapshot(), 11 * SECOND)
            .or(() -> guard.observe(snapshot(), 14 * SECOND))
            .orElseThrow();
    assertTrue(why.contains("has not answered"), why);
  }
}
