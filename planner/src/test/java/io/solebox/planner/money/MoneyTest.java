package io.solebox.planner.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.heat.Air;
import io.solebox.planner.heat.HeatPlan;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MoneyTest {
  private static final Range WATTS = Range.exactly(250, Unit.WATTS, "");
  private static final Range CAPITAL = Range.exactly(4150, Unit.USD, "");
  private static final Prices PRICES = Prices.usual().withElectricity(0.15).withTokens(0.60);

  private static Payback payback(double tokens, Duty duty) {
    return Payback.of(
        CAPITAL, Range.exactly(tokens, Unit.TOKENS_PER_SECOND, ""), WATTS, duty, PRICES);
  }

  @Test
  void oneStreamTakesSixYearsAndEightStreamsOne() {
    Payback.After one = assertInstanceOf(Payback.After.class, payback(52, Duty.always()));
    assertEquals(55_467, one.hours().low(), 1);
    Payback.After eight = assertInstanceOf(Payback.After.class, payback(250, Duty.always()));
    assertEquals(8_259, eight.hours().high(), 1);
  }

  @Test
  void whatDrawsMoreThanItSavesNeverPays() {
    Payback.Never never = assertInstanceOf(Payback.Never.class, payback(52, Duty.parse("1:0:9")));
    assertTrue(never.reason().startsWith("In an hour it saves 0.0112"), never.reason());
    Payback perhaps =
        Payback.of(
            CAPITAL, new Range(10, 52, Unit.TOKENS_PER_SECOND, ""), WATTS, Duty.always(), PRICES);
    assertInstanceOf(Payback.Perhaps.class, perhaps);
  }

  @Test
  void energyIsWattsForTokens() {
    MachineProfile machine =
        new Machines().machine(MachineWish.of("LX2160A", List.of("V100-SXM2-16GB")));
    HeatPlan heat = HeatPlan.of(machine, Air.usual());
    Energy energy =
        Energy.of(heat, Range.exactly(50, Unit.TOKENS_PER_SECOND, ""), Duty.always(), PRICES);
    assertEquals(heat.decode().wall().low() / 50, energy.perToken().low(), 1e-9);
    // 0.15 USD for 3.6 MJ.
    assertEquals(energy.perToken().low() / 3.6 * 0.15, energy.perMillion().low(), 1e-9);
    assertEquals(heat.decode().wall().high(), energy.mean().high(), 1e-9);
  }

  @Test
  void partsWithoutAPriceAreNamedAndNotGuessed() {
    MachineProfile machine =
        new Machines().machine(MachineWish.of("LX2160A", List.of("4x V100-SXM2-32GB", "PG199")));
    PartsCost cost = PartsCost.of(machine);
    assertEquals(750 + 800, cost.total().orElseThrow().low());
    assertEquals(750 + 1800, cost.total().orElseThrow().high());
    assertEquals("NVIDIA DRIVE-PG199-PROD", cost.unpriced().getFirst());
    assertTrue(cost.total().orElseThrow().reason().contains("PG199"));
  }

  @Test
  void defaultsHaveADateAndASource() {
    assertTrue(Prices.usual().electricity().reason().contains("2026"));
    assertTrue(Prices.usual().tokens().reason().contains("2026"));
  }

  @Test
  void sharesOfNothingAndNegativePricesAreRefused() {
    Stream.<Executable>of(
            () -> new Duty(0, 0, 0),
            () -> new Duty(-1, 2, 0),
            () -> new Duty(Double.NaN, 1, 1),
            () -> Duty.parse("1:2"),
            () -> Duty.parse("a:b:c"),
            () -> Prices.usual().withElectricity(-0.1),
            () -> Prices.usual().withTokens(Double.NaN),
            () -> PartsCost.said(-1))
        .forEach(
            wrong ->
                assertEquals(
                    ErrorCode.INVALID_PARAMETER,
                    assertThrows(SoleboxException.class, wrong).code()));
    assertEquals("25 % decode, 8 % prefill, 67 % idle", Duty.parse("6:2:16").toString());
  }
}
