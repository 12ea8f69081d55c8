package io.solebox.planner.heat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.Load;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeatPlanTest {
  private static MachineProfile machine(String host, String cards, String supply, String cooling) {
    return new Machines()
        .machine(
            new MachineWish(
                host,
                Optional.empty(),
                List.of(cards),
                Optional.of(supply),
                Optional.of(cooling),
                Optional.empty(),
                Optional.empty()));
  }

  private static final MachineProfile V100 =
      machine("LX2160A", "V100-SXM2-16GB", "500W platinum", "side-fan");

  @Test
  void whatTheWallGivesIsWhatPartsDrawAndWhatTheSupplyLoses() {
    HeatPlan plan = HeatPlan.of(V100, Air.usual());

    assertEquals(List.of(Load.values()), plan.loads().stream().map(Heat::load).toList());
    Heat decode = plan.decode();
    assertEquals(153 + 11, decode.direct().low());
    assertEquals(175 + 1.5 * 11, decode.direct().high());
    assertTrue(decode.wall().low() > 164 / 0.94 - 1 && decode.wall().high() < 191.5 / 0.90 + 1);
    assertTrue(decode.direct().reason().contains("ai-server"), decode.direct().reason());
    assertEquals(decode.wall().high() * 3.412, decode.btu().high(), 1e-9);
  }

  @Test
  void whatWasMeasuredLiesInThePlannedRange() {
    Heat decode = HeatPlan.of(V100, Air.usual()).decode();
    assertTrue(decode.core().orElseThrow().holds(78), decode.core().toString());
  }

  @Test
  void memoryThatIsWarmerThanItMayBeIsSaid() {
    HeatPlan plan = HeatPlan.of(V100, Air.usual());
    assertTrue(
        plan.warnings().stream()
            .anyMatch(each -> each.startsWith("The memory passes its limit of 85 C in decode")),
        plan.warnings().toString());
  }

  @Test
  void aKilowattNeedsTheAirThatTheFormulaSays() {
    Range watts = Range.exactly(1000, Unit.WATTS, "");
    Air air = new Air(Range.exactly(20, Unit.CELSIUS, ""), Range.exactly(10, Unit.KELVIN, ""));
    Range cfm = air.cubicFeetPerMinute(watts);
    // 1.76 CFM a watt and kelvin at sea level.
    assertEquals(175, cfm.low(), 1);
    assertTrue(cfm.high() < 1.15 * cfm.low());
  }

  @Test
  void aSupplyThatIsTooSmallIsSaid() {
    MachineProfile four = machine("PC", "4x PG199", "1400W platinum", "server-air");
    HeatPlan plan = HeatPlan.of(four, Air.usual());
    assertTrue(plan.warnings().getFirst().contains("good for 1120 W"), plan.warnings().toString());
    assertTrue(plan.warnings().getFirst().contains("more than it has"));
    assertEquals(Noise.SERVER_ROOM, plan.decode().noise());
    assertTrue(plan.unknown().getFirst().contains("is not known"), plan.unknown().toString());
  }

  @Test
  void airThatIsNoAirIsRefused() {
    Range room = Range.exactly(20, Unit.CELSIUS, "");
    Stream.of(Range.exactly(0, Unit.KELVIN, ""), new Range(-5, 5, Unit.KELVIN, ""))
        .forEach(rise -> assertThrows(SoleboxException.class, () -> new Air(room, rise)));
    assertThrows(SoleboxException.class, () -> Air.usual().of(90));
  }
}
